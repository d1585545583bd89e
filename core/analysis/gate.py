"""What a query of an analyst may do: read the tables it is shown, by name, and compute.

DuckDB knows no users: whoever may run SQL may attach databases, read files and settings, and reach
past a view to the table under it. So each query is parsed by DuckDB itself and refused unless every
table, table function and function in it is allowed.
"""

import json
from collections.abc import Mapping
from typing import Any

import duckdb

from core.errors import AppError

TABLE_FUNCTIONS = frozenset({"generate_series", "json_each", "json_tree", "range", "unnest"})
REFUSED_FUNCTIONS = frozenset(
    {
        "current_setting", "currval", "getenv", "getvariable", "nextval", "pg_get_viewdef",
        "setseed", "sleep_ms", "write_log",
    }
)  # fmt: skip
SHOW_TABLES = '"tables"'
Names = frozenset[str]


class RefusedQueryError(AppError):
    """400: the query does more than read the tables that it is shown."""

    code = "query_refused"


def checked(cursor: duckdb.DuckDBPyConnection, query: str, tables: Names) -> str:
    """The query, if it is one SELECT (or SHOW TABLES, DESCRIBE, SUMMARIZE) over `tables` alone.

    `tables` are lower-case names as a query may write them (`fct_sessions`, `marts.fct_sessions`).
    Raises RefusedQueryError, or duckdb.Error where the query cannot be parsed.
    """
    statements = cursor.extract_statements(query)
    if len(statements) != 1:
        raise RefusedQueryError("Send one statement at a time.")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise RefusedQueryError(
            "This is read-only: SELECT, DESCRIBE, SUMMARIZE and SHOW TABLES are served,"
            f" {statements[0].type.name} is not."
        )
    row = cursor.execute("select json_serialize_sql(?)", [query]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error", True):
        raise RefusedQueryError(f"This cannot be checked: {tree.get('error_message')}")
    _visit(tree["statements"], tables)
    return query


def _visit(node: Any, tables: Names) -> None:
    """Check a part of the tree; `tables` grows by the common table expressions in scope."""
    if isinstance(node, list):
        for part in node:
            _visit(part, tables)
    elif isinstance(node, dict):
        tables = _with_ctes(node, tables)
        _check(node, tables)
        for name, part in node.items():
            if name != "cte_map":
                _visit(part, tables)


def _with_ctes(node: Mapping[str, Any], tables: Names) -> Names:
    """The tables in scope: a CTE is seen by those after it, and by itself only if recursive."""
    if node.get("type") == "RECURSIVE_CTE_NODE":
        tables |= {node["cte_name"].lower()}
    for entry in (node.get("cte_map") or {"map": []})["map"]:
        _visit(entry["value"], tables)
        tables |= {entry["key"].lower()}
    return tables


def _check(node: Mapping[str, Any], tables: Names) -> None:
    kind = node.get("type")
    if kind == "BASE_TABLE":
        parts = [node["catalog_name"], node["schema_name"], node["table_name"]]
        name = ".".join(part for part in parts if part)
        if name.lower() not in tables or "." in node["table_name"]:
            raise RefusedQueryError(f"There is no table {name} here; SHOW TABLES lists them.")
    elif kind == "TABLE_FUNCTION":
        _check_function(node["function"]["function_name"], is_allowed=TABLE_FUNCTIONS.__contains__)
    elif kind == "SHOW_REF" and node["query"] is None and node["table_name"] != SHOW_TABLES:
        raise RefusedQueryError("Of SHOW, only SHOW TABLES is served.")
    elif "function_name" in node:
        _check_function(
            node["function_name"],
            is_allowed=lambda name: name not in REFUSED_FUNCTIONS or node.get("is_operator", False),
        )


def _check_function(name: str, *, is_allowed: Any) -> None:
    if not is_allowed(name.lower()):
        raise RefusedQueryError(f"The function {name} is not served here.")

"""What kind of statement a query is: one that reads, alone.

This is for a clear refusal. What a query cannot reach is not decided here: the sandbox has nothing
else in it.
"""

import re

import duckdb

from core.errors import AppError

EXPLAINED = re.compile(r"\s*explain\b\s*(?:analyze\b|\([^)]*\))?", re.IGNORECASE)
READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


class RefusedQueryError(AppError):
    """400: the query is not one that is answered here."""

    code = "query_refused"


def read_statement(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The query's one statement: SELECT, SHOW, DESCRIBE, SUMMARIZE, or EXPLAIN of one of these.

    Raises RefusedQueryError, or duckdb.Error where the query cannot be parsed.
    """
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise RefusedQueryError("Send one statement at a time.")
    (statement,) = statements
    if statement.type not in READING:
        raise RefusedQueryError(
            "This is read-only: SELECT, SHOW, DESCRIBE, SUMMARIZE and EXPLAIN are served,"
            f" {statement.type.name} is not."
        )
    if statement.type == duckdb.StatementType.EXPLAIN:
        _check_explained(connection, statement.query)
    return statement


def _check_explained(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """EXPLAIN ANALYZE runs what it explains."""
    found = EXPLAINED.match(query)
    explained = connection.extract_statements(query[found.end() :]) if found else []
    if [statement.type for statement in explained] != [duckdb.StatementType.SELECT]:
        raise RefusedQueryError("Only a query that reads can be explained.")

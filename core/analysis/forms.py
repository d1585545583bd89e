"""An answer as text: a box for people, CSV and JSON for programs."""

import duckdb

NESTED = {"list", "struct", "map", "array", "union"}


def csv_text(rows: duckdb.DuckDBPyRelation) -> str:
    """The rows as CSV with a header; lists and structs are JSON, instants ISO 8601 in UTC."""
    nested = [
        _quoted(name)
        for name, kind in zip(rows.columns, rows.types, strict=True)
        if kind.id in NESTED
    ]
    if nested:
        replaced = ", ".join(f"to_json({name}) as {name}" for name in nested)
        rows = rows.project(f"* replace ({replaced})")
    return str(rows.pl().write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ"))


def json_text(rows: duckdb.DuckDBPyRelation) -> str:
    """The rows as a JSON array with an object for each, one to a line."""
    lines = rows.query("answer", "select to_json(answer)::varchar from answer").fetchall()
    return "[" + ",".join(f"\n{line}" for (line,) in lines) + "\n]\n"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

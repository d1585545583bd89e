"""An answer in CSV, JSON or Arrow, for programs."""

import io

import duckdb
import pyarrow as pa

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


def arrow_stream(table: pa.Table) -> bytes:
    """The rows as an Arrow IPC stream."""
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""The small marts of the build that everyone reads, held in memory.

A query of the lake costs milliseconds a table before it reads a row: it asks the catalog for the
files, and each file for its layout. Most queries join several small tables.
"""

import duckdb

MOST_ROWS = 20_000  # of a table that is held; larger ones are worth the milliseconds


def hold(cursor: duckdb.DuckDBPyConnection, build: str, tables: list[str]) -> None:
    """Copy the small ones of an attached build's `tables` into a schema of the build's name.

    All or nothing: closing the cursor undoes what was begun. A query that names tables without a
    schema finds them there first: see `search_path`.
    """
    cursor.execute(f"begin; create schema memory.{build}")
    for table in tables:
        source = f'{build}.marts."{table}"'
        (count,) = cursor.execute(f"select count(*) from {source}").fetchall()[0]
        if count <= MOST_ROWS:
            cursor.execute(f'create table memory.{build}."{table}" as from {source}')
    cursor.execute("commit")


def let_go(cursor: duckdb.DuckDBPyConnection, build: str) -> None:
    """Forget what is held of a build."""
    cursor.execute(f"drop schema memory.{build} cascade")


def search_path(build: str, *, is_held: bool) -> str:
    """Where a query of an attached build finds its tables, with or without `marts.` or `raw.`."""
    schemas = [f"{build}.marts", f"{build}.raw"]
    return ",".join([f"memory.{build}", *schemas] if is_held else schemas)

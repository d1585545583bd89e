"""The small marts of the build that everyone reads, held in memory.

A query of the lake costs milliseconds a table before it reads a row: it asks the catalog for the
files, and each file for its layout. Most queries join several small tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from core.lake import TableAt

MOST_ROWS = 20_000  # of a table that is held; larger ones are worth the milliseconds


@dataclass(frozen=True)
class Holding:
    """A build's small tables in the schema `memory.<build>`."""

    build: str
    tables: frozenset[TableAt]


def hold(
    cursor: duckdb.DuckDBPyConnection,
    build: str,
    tables: Sequence[TableAt],
    former: Holding | None = None,
) -> Holding:
    """Copy the small ones of an attached build's `tables` into a schema of the build's name.

    What did not change since the `former` build is copied from memory. All or nothing: closing the
    cursor undoes what was begun. A query that names tables without a schema finds them there first:
    see `search_path`.
    """
    small = frozenset(table for table in tables if table.row_count <= MOST_ROWS)
    cursor.execute(f"begin; create schema memory.{build}")
    for table in small:
        is_known = former is not None and table in former.tables
        place = f"memory.{former.build}" if former is not None and is_known else f"{build}.marts"
        name = table.table_name
        cursor.execute(f'create table memory.{build}."{name}" as from {place}."{name}"')
    cursor.execute("commit")
    return Holding(build, small)


def let_go(cursor: duckdb.DuckDBPyConnection, holding: Holding) -> None:
    """Forget what is held of a build."""
    cursor.execute(f"drop schema memory.{holding.build} cascade")


def search_path(build: str, *, is_held: bool) -> str:
    """Where a query of an attached build finds its tables, with or without `marts.` or `raw.`."""
    schemas = [f"{build}.marts", f"{build}.raw"]
    return ",".join([f"memory.{build}", *schemas] if is_held else schemas)

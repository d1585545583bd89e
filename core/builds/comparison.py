"""The marts of two databases, `published` and `warehouse`: every row, every column, exactly.

Content is hashed in one pass, whatever the order of rows; only where the hashes differ are rows
looked at one by one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

Show = Callable[[int, int, str], None]
Line = Mapping[str, Any]
REBUILT = "warehouse"

# Tables that no model makes any more are no part of the comparison.
TABLES = """
    select schema_name || '.' || table_name from duckdb_tables()
    where database_name = ? and schema_name = 'marts'
    order by table_name
"""


@dataclass(frozen=True)
class Side:
    """One side's table: its rows and a hash of its content that no order of rows changes."""

    row_count: int
    content_hash: int

    @property
    def digest(self) -> str:
        """The hash in 16 hexadecimal digits."""
        return f"{self.content_hash % 2**64:016x}"


@dataclass(frozen=True)
class Difference:
    """A row that the sides do not share: its key, and each side's other values (None: no row)."""

    key: Line
    published: Line | None
    rebuilt: Line | None


@dataclass(frozen=True)
class TableComparison:
    """A table on both sides; `published` is None if readers do not have it."""

    table: str
    published: Side | None
    rebuilt: Side
    only_published: int = 0
    only_rebuilt: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold the same rows."""
        return self.published is not None and self.only_published == self.only_rebuilt == 0


def compare(
    duck: duckdb.DuckDBPyConnection,
    keys: Mapping[str, tuple[str, ...]],
    show: Show,
    *,
    rows: int,
) -> Iterator[TableComparison]:
    """Compare table by table; `keys` names the columns that tell a table's rows apart."""
    published = {name for (name,) in duck.execute(TABLES, ["published"]).fetchall()}
    rebuilt = [name for (name,) in duck.execute(TABLES, [REBUILT]).fetchall()]
    for done, table in enumerate(rebuilt, start=1):
        columns = columns_of(duck, REBUILT, table)
        right = summarize(duck, f"{REBUILT}.{table}", columns)
        if table not in published or columns_of(duck, "published", table) != columns:
            yield TableComparison(table, None, right)
        else:
            left = summarize(duck, f"published.{table}", columns)
            if left == right:
                yield TableComparison(table, left, right)
            else:
                key = keys.get(table, tuple(columns))
                yield look_closer(duck, TableComparison(table, left, right), columns, key, rows)
        show(done, len(rebuilt), "Comparing tables")


def columns_of(duck: duckdb.DuckDBPyConnection, side: str, table: str) -> dict[str, str]:
    """A table's columns, in order, with their types."""
    schema, name = table.split(".")
    return dict(
        duck.execute(
            "select column_name, data_type from duckdb_columns()"
            " where database_name = ? and schema_name = ? and table_name = ?"
            " order by column_index",
            [side, schema, name],
        ).fetchall()
    )


def summarize(duck: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> Side:
    """Count a table's rows and hash its content."""
    counted = duck.execute(
        f"select count(*), coalesce(sum(hash({quoted(columns)})::hugeint), 0) from {table}"
    ).fetchone()
    assert counted is not None  # noqa: S101  an aggregate always answers
    return Side(int(counted[0]), int(counted[1]))


def look_closer(
    duck: duckdb.DuckDBPyConnection,
    found: TableComparison,
    columns: Mapping[str, str],
    key: tuple[str, ...],
    rows: int,
) -> TableComparison:
    """Find the rows that one side has and the other has not."""
    names = quoted(columns)
    for side, other in (("published", REBUILT), (REBUILT, "published")):
        duck.execute(
            f"create or replace temp table only_{side} as"
            f" select line from (select {names} from {side}.{found.table}"
            f" except all select {names} from {other}.{found.table}) as line"
        )
    only_published, only_rebuilt = (
        duck.table(f"only_{side}").shape[0] for side in ("published", REBUILT)
    )
    same_key = " and ".join(f'p.line."{c}" is not distinct from r.line."{c}"' for c in key)
    order = ", ".join(f'coalesce(p.line."{c}", r.line."{c}")' for c in key)
    pairs = duck.execute(
        f"select p.line, r.line from only_published as p full join only_{REBUILT} as r"
        f" on {same_key} order by {order} limit {rows}"
    ).fetchall()
    return replace(
        found,
        only_published=only_published,
        only_rebuilt=only_rebuilt,
        differences=[difference(key, *pair) for pair in pairs],
    )


def difference(key: tuple[str, ...], published: Line | None, rebuilt: Line | None) -> Difference:
    """What the two sides say of one key: all columns, or where both have it those that differ."""
    either = published or rebuilt or {}
    shown = [
        column
        for column in either
        if column not in key
        and (published is None or rebuilt is None or published[column] != rebuilt[column])
    ]
    return Difference(
        {column: either[column] for column in key},
        None if published is None else {column: published[column] for column in shown},
        None if rebuilt is None else {column: rebuilt[column] for column in shown},
    )


def quoted(columns: Mapping[str, str]) -> str:
    """Column names as SQL."""
    return ", ".join(f'"{column}"' for column in columns)

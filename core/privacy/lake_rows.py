"""An erased student's rows in the raw tables of the lake.

The caller holds the locks: nobody else writes to the lake.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from core.errors import AppError
from core.privacy.erased import Erased

CHUNK_ROWS = 10_000
KEYS = {
    "events": ("journal_seq", "event_index"),
    "rejections": ("journal_seq", "event_index"),
    "records": ("record_seq",),
}
WHOM = {  # columns that say whom a row is about
    "events": ("student_ref", "actor_ref"),
    "rejections": (),
    "records": ("sourced_id",),
}
# Members of a record's payload that say whom it is about, by record type.
PARTIES = {"enrollment": ("user",), "agent": ("student", "agent")}


class RowsLeftError(AppError):
    """The lake still holds rows that should be gone."""

    status = 500
    code = "rows_left"


def erase_rows(duck: duckdb.DuckDBPyConnection, erased: Erased, student_id: str) -> int:
    """Delete what is about the student and rename them in what is about others; returns rows."""
    count = 0
    for table in KEYS:
        gone, changed = _judge(duck, table, erased, student_id)
        _delete(duck, table, gone)
        _update(duck, table, changed)
        count += len(gone) + len(changed)
        left = _judge(duck, table, erased, student_id)
        if any(left):
            raise RowsLeftError(f"raw.{table} still names the student after the deletion.")
    return count


def is_about(erased: Erased, record_type: str, sourced_id: str, payload: Any) -> bool:
    """Whether a record is an erased student's own: the user, their enrollments and links."""
    if record_type == "user":
        return erased.named(sourced_id) is not None
    return any(
        erased.named((payload.get(party) or {}).get("sourcedId")) is not None
        for party in PARTIES.get(record_type, ())
    )


def _judge(
    duck: duckdb.DuckDBPyConnection, table: str, erased: Erased, student_id: str
) -> tuple[list[tuple[int, ...]], list[tuple[Any, ...]]]:
    """Keys of the rows to delete; and of those to change with their new texts."""
    texts = _text_columns(duck, table)
    gone: list[tuple[int, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for row in _candidates(duck, table, texts, student_id):
        key = tuple(row[name] for name in KEYS[table])
        named = [name for name in texts if name != "payload" and erased.named(row[name])]
        is_mentioned = row["payload"] is not None and erased.mentions(row["payload"])
        if not named and not is_mentioned:
            continue
        if table == "rejections" or _is_own(table, erased, row, named):
            gone.append(key)
            continue
        payload = erased.text_without(row["payload"]) if is_mentioned else row["payload"]
        renamed = [payload if name == "payload" else erased.without(row[name]) for name in texts]
        changed.append((*key, *renamed))
    return gone, changed


def _is_own(table: str, erased: Erased, row: dict[str, Any], named: Sequence[str]) -> bool:
    if table == "records":
        payload = json.loads(row["payload"])
        return is_about(erased, row["record_type"], row["sourced_id"], payload)
    return any(name in WHOM[table] for name in named)


def _text_columns(duck: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [
        name
        for (name,) in duck.execute(
            "select column_name from duckdb_columns() where database_name = 'lake'"
            " and schema_name = 'raw' and table_name = ? and data_type = 'VARCHAR'"
            " order by column_index",
            [table],
        ).fetchall()
    ]


def _candidates(
    duck: duckdb.DuckDBPyConnection, table: str, texts: Sequence[str], student_id: str
) -> Iterator[dict[str, Any]]:
    """Rows that hold the id, or anything that could be the id in other characters."""
    columns = [*KEYS[table], *texts]
    cursor = duck.cursor()
    cursor.execute(
        f"select {', '.join(columns)} from lake.raw.{table} where "
        + " or ".join(
            f"contains({name}, $id) or contains({name}, '%') or contains({name}, '\\')"
            for name in texts
        ),
        {"id": student_id},
    )
    while rows := cursor.fetchmany(CHUNK_ROWS):
        yield from (dict(zip(columns, row, strict=True)) for row in rows)


def _delete(duck: duckdb.DuckDBPyConnection, table: str, gone: list[tuple[int, ...]]) -> None:
    if not gone:
        return
    names = KEYS[table]
    duck.register("gone", _keys(names, gone))
    same = " and ".join(f"gone.{name} = raw_table.{name}" for name in names)
    duck.execute(f"delete from lake.raw.{table} as raw_table where exists (from gone where {same})")
    duck.unregister("gone")


def _update(duck: duckdb.DuckDBPyConnection, table: str, changed: list[tuple[Any, ...]]) -> None:
    if not changed:
        return
    names, texts = KEYS[table], _text_columns(duck, table)
    keys = _keys(names, [row[: len(names)] for row in changed])
    columns = zip(*(row[len(names) :] for row in changed), strict=True)
    for name, values in zip(texts, columns, strict=True):
        keys = keys.append_column(name, pa.array(values, pa.string()))
    duck.register("changed", keys)
    same = " and ".join(f"changed.{name} = raw_table.{name}" for name in names)
    changes = ", ".join(f'"{name}" = changed."{name}"' for name in texts)
    duck.execute(f"update lake.raw.{table} as raw_table set {changes} from changed where {same}")
    duck.unregister("changed")


def _keys(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = [pa.array(column, pa.int64()) for column in zip(*rows, strict=True)]
    return pa.table(dict(zip(names, columns, strict=True)))

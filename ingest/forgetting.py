"""What still comes about erased students: left out of the lake.

The door cannot tell: it answers for them as for a student it has never heard of.
"""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pyarrow as pa

from core.privacy.erased import Erased
from core.privacy.lake_rows import is_about

Row = dict[str, Any]
Tables = tuple[pa.Table, pa.Table, pa.Table]
WHOM = ("student_ref", "actor_ref")


def without_erased(
    erased: Erased, events: pa.Table, rejections: pa.Table, records: pa.Table
) -> Tables:
    """A load's tables without what is about erased students.

    Events and records about others stay, with a pseudonym where they name one; a refused event
    that names one is left out, since nobody has judged whom it is about.
    """
    return (
        _filter(erased, events, lambda row: any(erased.named(row[name]) for name in WHOM)),
        _filter(erased, rejections, lambda _row: True),
        _filter(
            erased,
            records,
            lambda row: is_about(
                erased, row["record_type"], row["sourced_id"], json.loads(row["payload"])
            ),
        ),
    )


def note_traces(connection: psycopg.Connection[Any]) -> None:
    """Let upkeep know that PostgreSQL holds traces of what was left out."""
    connection.execute("update privacy.state set has_traces = true where not has_traces")


def _filter(erased: Erased, table: pa.Table, is_own: Callable[[Row], bool]) -> pa.Table:
    mentioning = [
        place for place, text in enumerate(table["payload"].to_pylist()) if erased.mentions(text)
    ]
    if not mentioning:
        return table
    rows = dict(zip(mentioning, table.take(mentioning).to_pylist(), strict=True))
    others = {place: row for place, row in rows.items() if not is_own(row)}
    for index, field in enumerate(table.schema):
        if others and field.type == pa.string():
            values = table[field.name].to_pylist()
            for place in others:
                values[place] = _renamed(erased, field.name, values[place])
            table = table.set_column(index, field, pa.array(values, field.type))
    kept = [place for place in range(table.num_rows) if place not in rows or place in others]
    return table.take(pa.array(kept, pa.int64()))


def _renamed(erased: Erased, column: str, text: str | None) -> str | None:
    if text is None or column == "payload":
        return text and erased.text_without(text)
    renamed: str = erased.without(text)
    return renamed

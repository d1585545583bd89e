"""Roster lists as tables: a row for each record, the same columns on every page.

As in OneRoster's CSV files (OneRoster 1.2 CSV binding, section 4) a reference is the sourcedId of
its record, and a list is its values between commas. What is nested deeper stands as JSON.
"""

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

from core.registry.types import RecordType


def frame(rows: Iterable[dict[str, Any]], kind: RecordType, names: Iterable[str]) -> pl.DataFrame:
    """The fields `names` of rendered records, each column text; null where there is no value."""
    references = {parent.field: parent for parent in kind.parents}

    def title(name: str) -> str:
        if name not in references:
            return name
        return f"{name[:-1]}SourcedIds" if references[name].is_list else f"{name}SourcedId"

    columns = {title(name): name for name in names}
    cells = [
        {
            column: _cell(row.get(name), is_reference=name in references)
            for column, name in columns.items()
        }
        for row in rows
    ]
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))


def _cell(value: Any, *, is_reference: bool) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(value) or None
    if is_reference:
        return _cell(_ids(value), is_reference=False)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _ids(reference: Any) -> Any:
    if isinstance(reference, list):
        return [one["sourcedId"] for one in reference]
    return reference["sourcedId"]

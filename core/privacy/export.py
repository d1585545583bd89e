"""A student's data to take along: a zip of JSON as sent, CSV of every mart and a page to read.

It holds one student and nobody else: of others at most the ids that stand in the student's own
records. For the student and their parents whoever read the records is named by role, because staff
have rights too; administrators see names.
"""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from core.builds.reader import PublishedLake
from core.privacy.export_page import page
from core.privacy.export_rows import StudentRows

Show = Callable[[int, int, str], None]


def write_export(
    connection: psycopg.Connection[Any],
    lake: PublishedLake,
    student_id: str,
    target: Path,
    *,
    is_for_staff: bool,
    show: Show = lambda _done, _total, _label: None,
) -> None:
    """Write the zip; whoever calls has checked the right to it and writes the audit row.

    Rows are written as they are read, so that memory does not grow with the student's history.
    Events that wait for the next build are not in it.
    """
    rows = StudentRows(connection, lake, student_id, is_for_staff=is_for_staff)
    lists: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
        "roster.json": rows.registry,
        "roster-history.json": rows.versions,
        "events.json": rows.events,
        "refused-events.json": rows.rejections,
        "who-read-it.json": rows.reads,
    }
    marts = rows.marts()
    total = len(lists) + len(marts) + 1
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for done, (name, read) in enumerate(lists.items()):
            show(done, total, f"Exporting ({name})")
            _write_list(bundle, name, read())
        for done, table in enumerate(marts, start=len(lists)):
            show(done, total, f"Exporting ({table})")
            bundle.writestr(f"figures/{table}.csv", rows.mart_csv(table))
        bundle.writestr("index.html", page(rows, lake.build))
    show(total, total, "Exporting (done)")


def temporary_file(folder: Path) -> Path:
    """A new empty file that only its owner reads."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=folder, prefix="export-", suffix=".zip", delete=False
    ) as file:
        return Path(file.name)


def _write_list(bundle: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]]) -> None:
    with bundle.open(name, "w") as binary, TextIOWrapper(binary, encoding="utf-8") as text:
        separator = "[\n"
        for row in rows:
            text.write(separator + json.dumps(row, ensure_ascii=False, default=_plain))
            separator = ",\n"
        text.write("[]\n" if separator == "[\n" else "\n]\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")

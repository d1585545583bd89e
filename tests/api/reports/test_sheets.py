"""A partner's sheet is read as people write them, and refused in words where it cannot be."""

from datetime import date

import pytest

from api.reports import sheets
from core.errors import AppError


def test_ids_are_read_once_each_whatever_their_spelling_and_column() -> None:
    kind, rows = sheets.parse("\ufeffName;ID\na; urn:uuid:x1 \nb;x1\nc;\nd;007\n".encode())
    assert kind == "event_ids"
    assert rows["event_id"].to_list() == ["007", "x1"]


def test_counts_of_a_day_are_added_up() -> None:
    kind, rows = sheets.parse(b"Date,Count\n2026-01-15,2\n2026-01-14,1\n2026-01-15,3\n")
    assert kind == "daily_counts"
    assert rows.rows() == [(date(2026, 1, 14), None, 1), (date(2026, 1, 15), None, 5)]


def test_counts_by_type_stay_apart() -> None:
    _, rows = sheets.parse(b"date,event_type,count\n2026-01-15,GradeEvent,2\n2026-01-15,,3\n")
    assert rows["event_type"].to_list() == ["GradeEvent", None]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"event_id\n", 422, "empty_file"),
        (b"name,count\na,1\n", 400, "unknown_columns"),
        (b"id,ID\na,b\n", 400, "unknown_columns"),
        (b"date,count\n2026-01-15,2\n15.1.2026,3\n", 400, "unreadable_row"),
        (b"date,count\n2026-01-15,-1\n", 400, "unreadable_row"),
        (b"date,count\n2026-01-15,many\n", 400, "unreadable_row"),
        (b"event_id\n\xff\xfe\x00\n", 400, "unreadable_csv"),
        (b"event_id\n" + b"x\n" * (sheets.MOST_ROWS + 1), 422, "too_many_rows"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_cannot_be_read_is_refused_by_name(body: bytes, status: int, code: str) -> None:
    with pytest.raises(AppError) as refused:
        sheets.parse(body)
    assert (refused.value.status, refused.value.reason) == (status, code)


def test_a_wrong_row_is_named_by_its_line() -> None:
    with pytest.raises(AppError, match="Line 3"):
        sheets.parse(b"date,count\n2026-01-15,2\n2026-01-16,x\n")

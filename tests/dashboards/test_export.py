"""The CSV equals the screen, and frames are typed also when empty."""

from datetime import date

import polars as pl
import pytest

from dashboards import frames
from dashboards.export import csv_bytes, page_file
from dashboards.layout import plain, stamp_text


def test_the_csv_has_the_rows_and_columns_of_the_table() -> None:
    frame = pl.DataFrame({"name": ["Ada", "Ben"], "xp": [1.5, None]})
    assert csv_bytes(frame).decode("utf-8-sig") == "name,xp\nAda,1.5\nBen,\n"


def test_excel_is_told_that_a_csv_is_utf_8() -> None:
    assert csv_bytes(pl.DataFrame({"name": ["Zoë"]})) == b"\xef\xbb\xbfname\nZo\xc3\xab\n"


def test_text_that_a_spreadsheet_would_run_is_disarmed() -> None:
    frame = pl.DataFrame({"name": ["=1+1", "@x", "-Ada"], "xp": [-1, 2, 3]})
    assert csv_bytes(frame).decode("utf-8-sig") == "name,xp\n'=1+1,-1\n'@x,2\n'-Ada,3\n"


def test_rows_become_typed_columns_under_the_warehouses_names() -> None:
    row = {"receivedOn": "2026-11-20", "verdict": "accepted", "eventCount": 3, "more": 1}
    frame = frames.read([row], frames.VERDICT_DAYS)
    assert frame.columns == ["received_on", "verdict", "event_count"]
    assert frame.schema["received_on"] == pl.Date


def test_no_rows_are_a_frame_with_all_columns() -> None:
    frame = frames.read([], frames.LEDGER)
    assert frame.is_empty()
    assert frame.columns == list(frames.LEDGER)


def test_students_who_share_a_name_are_told_apart_by_their_ids() -> None:
    sent = [("s1", "Neel Shetty"), ("s2", "Neel Shetty"), ("s3", "Zoe"), ("s3", "Zoe")]
    answer = [{"studentId": student_id, "name": name} for student_id, name in sent]
    names = frames.read(answer, frames.GRID_CELLS)["name"].to_list()
    assert names == ["Neel Shetty (s1)", "Neel Shetty (s2)", "Zoe", "Zoe"]


def test_a_fresh_stamp_says_when_which_build_and_what_waits() -> None:
    fresh = {
        "as_of": "2026-11-20T14:12:00Z",
        "ageSeconds": 30,
        "buildNumber": 412,
        "waitingEvents": 3,
        "isStale": False,
    }
    text = stamp_text(fresh, "America/Chicago")
    assert text.endswith("Data as of 08:12 (Chicago time) · build 412 · 3 events waiting")
    assert ":red[" not in text


def test_names_are_never_read_as_markup() -> None:
    assert plain("[a](http://b) *c*") == r"\[a\]\(http\://b\) \*c\*"


@pytest.mark.parametrize(
    ("title", "name", "filters", "file"),
    [
        ("Class grid", "class-grid", ["math-5"], "class-grid-math-5-2026-11-25.csv"),
        ("Integration", "reasons", [], "integration-reasons-2026-11-25.csv"),
        ("Usage", "usage-days", ["28", "Math 5/é"], "usage-days-28-math-5-2026-11-25.csv"),
        ("Today", "students", ["2026-11-25"], "today-students-2026-11-25.csv"),
        ("Student", "xp", ["x"], "student-xp-x-2026-11-25.csv"),
    ],
)
def test_a_file_is_named_after_page_filters_and_day(
    title: str, name: str, filters: list[str], file: str
) -> None:
    assert page_file(title, name, filters, date(2026, 11, 25)) == file

"""Each branch of what a week's cell and a stuck lesson are, on rows made for it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from api.reports.queries import stuck, week
from core.builds.reader import PublishedLake
from core.builds.registry import Build

DDL = Path(__file__).parents[1] / "marts.sql"
NOON = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Chicago: half of 8 to 16
MONDAY, TODAY = date(2026, 11, 16), date(2026, 11, 18)

Rows = list[dict[str, Any]]


@pytest.fixture
def lake() -> Iterator[PublishedLake]:
    """Empty marts in memory, read as of Wednesday noon."""
    with duckdb.connect() as cursor:
        cursor.execute("set timezone = 'UTC'")
        cursor.execute(DDL.read_text())
        build = Build(
            build_number=1,
            build_id="b",
            as_of=NOON,
            source_snapshot=1,
            published_snapshot=1,
            finished_at=NOON,
            full_refresh=False,
        )
        yield PublishedLake(build, cursor, "memory")


def insert(lake: PublishedLake, table: str, rows: Rows) -> None:
    """Write rows into a mart."""
    lake.cursor.register("incoming", pl.DataFrame(rows, infer_schema_length=None))
    lake.cursor.execute(f"insert into {table} by name select * from incoming")
    lake.cursor.unregister("incoming")


def goals(student: str, *days: tuple[float, str]) -> Rows:
    """Days from Monday on, each with what was earned and its status; the goal is 100."""
    return [
        {
            "student_id": student,
            "subject": "Math",
            "local_on": MONDAY + timedelta(days=number),
            "goal_xp": None if status == "no_goal" else 100.0,
            "earned_xp": earned,
            "status": status,
        }
        for number, (earned, status) in enumerate(days)
    ]


WEEKS = {
    "whole": (goals("whole", (100, "met"), (100, "met"), (100, "met")), "met"),
    "half_of_it": (goals("half_of_it", (100, "met"), (100, "met"), (50, "on_pace")), "on_pace"),
    "a_bit_less": (goals("a_bit_less", (100, "met"), (100, "met"), (49.9, "behind")), "behind"),
    "made_up_for_it": (
        goals("made_up_for_it", (0, "not_started"), (200, "met"), (100, "met")),
        "met",
    ),
    "silent": (goals("silent", (0, "not_started"), (0, "not_started")), "not_started"),
    "on_holiday": (goals("on_holiday", (0, "no_school"), (0, "no_school")), "no_school"),
    "without_goal": (goals("without_goal", (30, "no_goal"), (30, "no_goal")), "no_goal"),
}


def test_a_weeks_cell_is_judged_by_the_goals_due_so_far(lake: PublishedLake) -> None:
    zone = "America/Chicago"
    insert(lake, "dim_students", [{"student_id": one, "timezone": zone} for one in WEEKS])
    insert(lake, "fct_daily_goals", [row for rows, _ in WEEKS.values() for row in rows])
    found = week.subject_weeks(lake, list(WEEKS), MONDAY, TODAY, (8, 16))
    assert {student: rows[0]["status"] for student, rows in found.items()} == {
        student: status for student, (_, status) in WEEKS.items()
    }
    assert found["on_holiday"][0]["goal_xp"] is None
    assert found["whole"][0]["goal_xp"] == 300


def test_only_the_students_and_days_asked_for_count(lake: PublishedLake) -> None:
    insert(lake, "dim_students", [{"student_id": one, "timezone": "UTC"} for one in ("a", "b")])
    rows = [*goals("a", (10, "behind"), (20, "behind")), *goals("b", (1000, "met"))]
    insert(lake, "fct_daily_goals", rows)
    found = week.subject_weeks(lake, ["a"], MONDAY, MONDAY, (8, 16))
    assert {student: rows[0]["earned_xp"] for student, rows in found.items()} == {"a": 10}


def mastery(lesson: str, state: str, tries: int, **other: Any) -> dict[str, Any]:
    """A lesson of one student, worked on an hour ago."""
    return {
        "student_id": "s",
        "client_id": "c",
        "course_id": "k",
        "lesson_id": lesson,
        "mastery_state": state,
        "attempt_count": tries,
        "item_count": 1,
        "is_struggling": False,
        "last_activity_at": NOON - timedelta(hours=1),
        "active_seconds": 60.0,
        "last_ten_ratio": 0.5,
        "last_ten_count": 10,
        **other,
    }


def test_a_lesson_holds_up_for_one_of_three_reasons(lake: PublishedLake) -> None:
    lessons = [
        mastery("struggling", "practicing", 1, is_struggling=True),
        mastery("both", "needs_review", 1, is_struggling=True),
        mastery("forgotten", "needs_review", 1),
        mastery("three_tries", "practicing", 3),
        mastery("two_tries", "practicing", 2),
        mastery("many_tries_and_proficient", "proficient", 9),
        mastery("long_ago", "practicing", 9, last_activity_at=NOON - timedelta(days=15)),
        mastery("deleted", "practicing", 9),
    ]
    insert(lake, "fct_lesson_mastery", lessons)
    known = [{"lesson_id": one["lesson_id"], "is_active": True} for one in lessons]
    known[-1]["is_active"] = False
    insert(lake, "dim_lessons", known)
    rows = stuck.stuck(lake, ["s"], NOON - timedelta(days=14))
    assert {row["lesson_id"]: row["stuck_reason"] for row in rows} == {
        "struggling": "struggling",
        "both": "struggling",
        "forgotten": "needs_review",
        "three_tries": "no_progress",
    }

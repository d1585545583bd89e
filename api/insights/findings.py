"""Findings about a student, put together from their days and their standing."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from api.evidence import ACCURACY_ITEMS, DataStatus, data_status
from api.insights import queries
from api.insights.schemas import Accuracy, Insight, SubjectSummary, TimeSummary
from api.insights.standing import (
    CoursePlacement,
    DailyGoal,
    Goal,
    MasterySummary,
    OffTrack,
    OffTrackFlag,
    Placements,
)
from api.periods import Period
from api.reading import Reading
from api.reports.wording import flag_text

SUMS = [
    pl.col("active_seconds").sum(),
    pl.col("idle_seconds").sum().alias("inactive_seconds"),
    (pl.col("active_seconds").sum() + pl.col("idle_seconds").sum()).alias("total_seconds"),
    pl.col("xp").sum().alias("total_xp_earned"),
    pl.col("event_count").sum().alias("fact_count"),
]
QUESTIONS = pl.col("total_questions", "scored_questions", "correct_questions").sum()

SUBJECT_COLUMNS = {
    "subject": pl.String,
    "active_seconds": pl.Float64,
    "inactive_seconds": pl.Float64,
    "total_seconds": pl.Float64,
    "time_status": pl.String,
    "total_xp_earned": pl.Float64,
    "fact_count": pl.Int64,
    "total_questions": pl.Int64,
    "scored_questions": pl.Int64,
    "correct_questions": pl.Int64,
    "accuracy_ratio": pl.Float64,
    "accuracy_status": pl.String,
    "mastered_units": pl.Int64,
}


def subjects(facts: pl.DataFrame) -> pl.DataFrame:
    """One row per subject: the table that CSV and Arrow carry."""
    rows = [
        row | _time_status(row) | _accuracy(row)
        for row in facts.group_by("subject")
        .agg(*SUMS, QUESTIONS, pl.col("mastered_lessons").sum().alias("mastered_units"))
        .sort("subject")
        .iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=SUBJECT_COLUMNS)


def by_subject(facts: pl.DataFrame) -> list[SubjectSummary]:
    """The subjects' summaries, by name."""
    return [SubjectSummary(**row) for row in subjects(facts).iter_rows(named=True)]


def time_summary(facts: pl.DataFrame) -> TimeSummary:
    """Seconds and XP of all rows."""
    sums = facts.select(*SUMS).row(0, named=True)
    return TimeSummary(**sums, **_time_status(sums))


def _time_status(sums: Mapping[str, Any]) -> dict[str, DataStatus]:
    return {"time_status": data_status(sums["total_seconds"])}


def _accuracy(sums: Mapping[str, Any]) -> dict[str, Any]:
    scored, correct = sums["scored_questions"], sums["correct_questions"]
    return {
        "accuracy_ratio": correct / scored if scored else None,
        "accuracy_status": data_status(scored, ACCURACY_ITEMS),
    }


def mastery_summary(reading: Reading, student_id: str) -> MasterySummary:
    """Lessons by state."""
    rows = queries.mastery(reading, student_id)
    counts = {row["mastery_state"]: row["lesson_count"] for row in rows}
    struggling = sum(row["struggling_count"] for row in rows)
    return MasterySummary(**counts, struggling=struggling)


def placements(reading: Reading, student_id: str) -> list[CoursePlacement]:
    """Where to go on, course by course."""
    return [
        CoursePlacement.model_validate(
            row | {name: row[name] or [] for name in ("gap_lesson_ids", "ahead_lesson_ids")}
        )
        for row in queries.placement(reading, student_id)
    ]


def insights(
    reading: Reading, student_id: str, days: Period, facts: pl.DataFrame, school_zone: ZoneInfo
) -> list[Insight]:
    """Every finding about the period; a partner's are of its own events alone.

    The goal is that of the period's last day, but not after today at the student's school.
    """
    today = reading.lake.build.as_of.astimezone(school_zone).date()
    goal_day = min(days.end, today)
    questions = facts.select(QUESTIONS).row(0, named=True)
    found: list[Insight] = [
        time_summary(facts),
        Accuracy(**questions, **_accuracy(questions)),
        DailyGoal(date=goal_day, goals=goals(reading, student_id, goal_day, school_zone)),
        mastery_summary(reading, student_id),
        Placements(courses=placements(reading, student_id)),
    ]
    found_flags = flags(reading, student_id)
    return found if found_flags is None else [*found, OffTrack(flags=found_flags)]


def goals(reading: Reading, student_id: str, day: date, school_zone: ZoneInfo) -> list[Goal]:
    """The goals of a day of the school."""
    return [Goal(**row) for row in queries.goals(reading, student_id, day, school_zone)]


def flags(reading: Reading, student_id: str) -> list[OffTrackFlag] | None:
    """Why the student is off track, in words and numbers; None to a partner."""
    if reading.sight.is_partner:
        return None
    return [
        OffTrackFlag(text=flag_text(row), **{k: v for k, v in row.items() if k != "lesson_title"})
        for row in queries.flags(reading, student_id)
    ]

"""Findings about a student, put together from their days and their standing."""

from zoneinfo import ZoneInfo

import polars as pl

from api.insights import queries
from api.insights.schemas import (
    Accuracy,
    CoursePlacement,
    DailyGoal,
    Flag,
    Goal,
    Insight,
    MasterySummary,
    OffTrack,
    Placement,
    SubjectSummary,
    TimeSummary,
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
QUESTIONS = [
    pl.col("total_questions").sum(),
    pl.col("correct_questions").sum(),
    pl.col("mastered_lessons").sum().alias("mastered_units"),
]


def subjects(facts: pl.DataFrame) -> pl.DataFrame:
    """One row per subject: the table that CSV and Arrow carry."""
    return facts.group_by("subject").agg(*SUMS, *QUESTIONS).sort("subject")


def by_subject(facts: pl.DataFrame) -> list[SubjectSummary]:
    """The subjects' summaries, by name."""
    return [SubjectSummary(**row) for row in subjects(facts).iter_rows(named=True)]


def time_summary(facts: pl.DataFrame) -> TimeSummary:
    """Seconds and XP of all rows."""
    return TimeSummary(**facts.select(*SUMS).row(0, named=True))


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
    goals = [Goal(**row) for row in queries.goals(reading, student_id, goal_day, school_zone)]
    found: list[Insight] = [
        time_summary(facts),
        _accuracy(facts),
        DailyGoal(date=goal_day, goals=goals),
        mastery_summary(reading, student_id),
        Placement(courses=placements(reading, student_id)),
    ]
    if not reading.sight.is_partner:
        flags = [
            Flag(text=flag_text(row), **{k: v for k, v in row.items() if k != "lesson_title"})
            for row in queries.flags(reading, student_id)
        ]
        found.append(OffTrack(flags=flags))
    return found


def _accuracy(facts: pl.DataFrame) -> Accuracy:
    total, scored, correct = facts.select(
        pl.col("total_questions", "scored_questions", "correct_questions").sum()
    ).row(0)
    return Accuracy(
        total_questions=total,
        scored_questions=scored,
        correct_questions=correct,
        accuracy_ratio=correct / scored if scored else None,
    )

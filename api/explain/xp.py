"""XP explained: a day's total, and one entry of the ledger."""

from datetime import date
from zoneinfo import ZoneInfo

import polars as pl

from api.events.sent import utc_day
from api.explain.parts import Request, Row, contribution, figures
from api.explain.queries import events, ledger
from api.explain.queries.ledger import Part
from api.explain.schemas import Contribution, Explanation
from api.facts import daily_facts
from api.periods import Period
from core.errors import NotFoundError

ENTRY_DETAILS = (
    "kind",
    "status",
    "earned_at",
    "earned_on",
    "app_id",
    "subject",
    "course_id",
    "lesson_id",
    "enrollment_id",
    "attempt_ref",
    "is_review",
    "review_reason",
    "review_xp",
    "review_active_minutes",
    "reverses_entry_id",
)
DIMENSIONS = (
    ("subject", "subject"),
    ("course_id", "course_id"),
    ("lesson_id", "lesson_id"),
    ("app_id", "application_id"),
)


def total(request: Request, student_id: str, day: date, part: Part) -> Explanation:
    """The XP that a student earned on a local day, whole or in part; 404 if not the viewer's."""
    reading = request.reading
    reading.student(student_id, "explain.xp")
    entries = ledger.of_day(reading, student_id, day, part)
    shown = facts_of(request, student_id, day, part)
    return request.answer(
        "xp",
        about_day(student_id, day, part),
        figures("GET /analytics/1.0/activity", {"xpEarned": "XP"}, {"xpEarned": shown["xp"].sum()}),
        [
            request.step(
                "What the day adds up, by app and lesson",
                "agg_student_day_lesson__activity",
                (
                    contribution(
                        "day", None, row, ("app_id", "subject", "course_id", "lesson_id", "xp"), []
                    )
                    for row in shown.filter(pl.col("xp") != 0).iter_rows(named=True)
                ),
            ),
            request.step(
                "The day's entries of the ledger",
                "fct_xp_ledger",
                (entry(row, "xpEarned") for row in entries),
            ),
        ],
        events_of(request, student_id, entries),
    )


def one_entry(request: Request, entry_id: str) -> Explanation:
    """One entry of the ledger; 404 if the viewer may read none such."""
    row = ledger.one(request.reading, entry_id)
    if row is None:
        raise NotFoundError(f"There is no ledger entry {entry_id!r}.", code="unknown_entry")
    request.reading.note("explain.xp_entry", [row["student_id"]])
    return request.answer(
        "xp-entry",
        {"entryId": entry_id, "studentId": row["student_id"]},
        figures("GET /xp/1.0/users/{id}/entries", {"value": "XP"}, {"value": row["xp"]}),
        [request.step("The entry of the ledger", "fct_xp_ledger", [entry(row, "value")])],
        events_of(request, row["student_id"], [row]),
    )


def entry(row: Row, figure: str) -> Contribution:
    """An entry, which adds its XP to a figure."""
    event_ids = [row["source_event_id"], row["reverses_event_id"]]
    amounts = {figure: row["xp"]}
    return contribution("ledger_entry", row["entry_id"], row, ENTRY_DETAILS, event_ids, amounts)


def events_of(request: Request, student_id: str, entries: list[Row]) -> list[Row]:
    """The events that made these entries, and those whose entries they take back."""
    ids = {row["source_event_id"] for row in entries}
    ids |= {row["reverses_event_id"] for row in entries if row["reverses_event_id"]}
    days = {utc_day(row[instant]) for row in entries for instant in ("event_at", "earned_at")}
    return events.sent(request.reading, student_id, days, events.named(ids))


def facts_of(request: Request, student_id: str, day: date, part: Part) -> pl.DataFrame:
    """The day as the read-back adds it up, the part asked for."""
    on_day = Period(day, day, ZoneInfo("UTC"))
    facts = daily_facts(request.reading, student_id, on_day, is_regrouped=False)
    for column, name in DIMENSIONS:
        if (chosen := getattr(part, name)) is not None:
            facts = facts.filter(pl.col(column) == chosen)
    if part.application_id is not None:
        facts = facts.with_columns(
            active_seconds="app_active_seconds", idle_seconds="app_idle_seconds"
        )
    return facts


def about_day(student_id: str, day: date, part: Part) -> dict[str, str | None]:
    """Whose day it is, and which part of it."""
    return {
        "studentId": student_id,
        "date": day.isoformat(),
        "subject": part.subject,
        "courseId": part.course_id,
        "lessonId": part.lesson_id,
        "applicationId": part.application_id,
    }

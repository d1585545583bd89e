"""Time explained: a day's minutes, and one session."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from api.events.sent import utc_day
from api.explain.parts import Request, contribution, figures
from api.explain.queries import events
from api.explain.queries import time as queries
from api.explain.queries.ledger import Part
from api.explain.schemas import Contribution, Explanation
from api.explain.xp import about_day, facts_of
from api.insights import sessions
from core.access import Condition

Row = dict[str, Any]

SECONDS = {"activeSeconds": "seconds", "inactiveSeconds": "seconds"}
FIGURE_OF_STATE = {"active": "activeSeconds", "idle": "inactiveSeconds"}
SEGMENT_DETAILS = (
    "state",
    "started_at",
    "ended_at",
    "local_on",
    "seconds",
    "is_counted",
    "session_id",
    "app_id",
    "subject",
    "course_id",
    "lesson_id",
)
SESSION_DETAILS = (
    "application_id",
    "session_ref",
    "started_at",
    "ended_at",
    "end_reason",
    "is_implicit",
    "is_flagged",
    "time_quality",
    "event_count",
)


def minutes(request: Request, student_id: str, day: date, part: Part) -> Explanation:
    """A student's active and idle time of a local day; 404 if not the viewer's.

    Where apps overlap, one of them counts the time; the others' segments add nothing to it. For a
    partner so do its own apps alone, and one app that it asks for has all of its time.
    """
    reading = request.reading
    reading.student(student_id, "explain.minutes")
    segments = queries.of_day(reading, student_id, day, part)
    shown = facts_of(request, student_id, day, part)
    values = {
        "activeSeconds": shown["active_seconds"].sum(),
        "inactiveSeconds": shown["idle_seconds"].sum(),
    }
    sent = _events(request, student_id, events.around([day]), segments)
    bounds = _bounds(segments, sent)
    days = (
        contribution(
            "day",
            None,
            row,
            ("app_id", "subject", "course_id", "lesson_id", "active_seconds", "idle_seconds"),
            [],
        )
        for row in shown.iter_rows(named=True)
        if row["active_seconds"] or row["idle_seconds"]
    )
    is_one_app = reading.sight.is_partner and part.application_id is not None
    rows = [_segment(row, bounds, counts=is_one_app or row["is_counted"]) for row in segments]
    touched = {event_id for row in rows for event_id in row.event_ids}
    return request.answer(
        "minutes",
        about_day(student_id, day, part),
        figures("GET /analytics/1.0/activity", SECONDS, values),
        [
            request.step(
                "What the day adds up, by app and lesson", "agg_student_day_lesson__activity", days
            ),
            request.step("The day's stretches of activity", "fct_activity_segments", rows),
        ],
        [row for row in sent if row["event_id"] in touched],
    )


def session(request: Request, session_id: str) -> Explanation:
    """One session, by its key or by the id that its app sent; 404 if not the viewer's."""
    reading = request.reading
    row = sessions.one(reading, session_id)
    student_id, key = row["student_id"], row["session_id"]
    reading.note("explain.session", [student_id])
    segments = queries.of_session(reading, student_id, key)
    first, last = utc_day(row["started_at"]), utc_day(row["ended_at"] or row["started_at"])
    in_session = Condition("verdict.session_id = $session_id", {"session_id": key})
    sent = events.sent(reading, student_id, {first, last, *events.around([first])}, in_session)
    values = {
        "totalSeconds": row["total_seconds"],
        "activeSeconds": row["active_seconds"],
        "inactiveSeconds": row["inactive_seconds"],
    }
    bounds = _bounds(segments, sent)
    of_session = contribution(
        "session", key, row, SESSION_DETAILS, (event["event_id"] for event in sent)
    )
    return request.answer(
        "session",
        {"sessionId": key, "studentId": student_id},
        figures("GET /insights/1.0/sessions/{id}", dict.fromkeys(values, "seconds"), values),
        [
            request.step("The session", "fct_sessions", [of_session]),
            request.step(
                "Its stretches of activity",
                "fct_activity_segments",
                (_segment(segment, bounds, counts=True, total=True) for segment in segments),
            ),
        ],
        sent,
    )


def _segment(
    row: Row, bounds: dict[str, list[str]], *, counts: bool, total: bool = False
) -> Contribution:
    """A segment; where another app's clock counts it, it adds nothing."""
    amounts = {FIGURE_OF_STATE[row["state"]]: row["seconds"]} if counts else {}
    if total:
        amounts["totalSeconds"] = row["seconds"]
    return contribution(
        "segment", row["segment_id"], row, SEGMENT_DETAILS, bounds[row["segment_id"]], amounts
    )


def _events(
    request: Request, student_id: str, days: Iterable[date], segments: list[Row]
) -> list[Row]:
    ids = sorted({row["session_id"] for row in segments})
    in_sessions = Condition(
        "verdict.session_id in (select unnest($session_ids::varchar[]))", {"session_ids": ids}
    )
    return events.sent(request.reading, student_id, days, in_sessions) if ids else []


def _bounds(segments: list[Row], sent: list[Row]) -> dict[str, list[str]]:
    """For each segment the events that bound it, and those that state time of it.

    The former are those from the last at or before it to its end.
    """
    of_session: dict[str, list[Row]] = defaultdict(list)
    for row in sent:
        of_session[row["session_id"]].append(row)
    bounds = {}
    for segment in segments:
        known = of_session[segment["session_id"]]
        within = [
            row
            for row, following in zip(known, [*known[1:], None], strict=False)
            if _is_within(row, segment)
            and (following is None or following["occurred_at"] > segment["started_at"])
        ]
        bounds[segment["segment_id"]] = [row["event_id"] for row in within]
    return bounds


def _is_within(event: Row, segment: Row) -> bool:
    """Whether an event, or the time right before it that it states, begins by a segment's end."""
    seconds_after: float = (event["occurred_at"] - segment["ended_at"]).total_seconds()
    return seconds_after <= (event["duration_seconds"] or 0)

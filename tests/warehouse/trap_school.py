"""A school of about 30 events that holds every trap of the rules.

Two apps (`reading` and `maths`), one zone with a clock change (Chicago, 8 March 2026), students
`ann`, `ben` and `cara`; `cara`'s enrollment and the lesson `late-lesson` land only later.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from core.registry import records

Row = Mapping[str, Any]

DAY = datetime(2026, 3, 3, 15, tzinfo=UTC)  # 9 in the morning in Chicago
OWNERS = {"course": "reading-course", "lesson": "l1"}


def record(record_type: str, sourced_id: str, payload: Row, **columns: Any) -> Row:
    """A record's version."""
    return {
        "record_type": record_type,
        "sourced_id": sourced_id,
        "payload": {"sourcedId": sourced_id, **payload},
        **columns,
    }


def register(connection: psycopg.Connection[Any], rows: Iterable[Row]) -> None:
    """Write records to the registry too, where the API reads them; clients are made elsewhere."""
    for row in rows:
        if row["record_type"] != "client":
            records.put(
                connection,
                row["record_type"],
                row["sourced_id"],
                dict(row["payload"]),
                owner_client_id=row.get("owner_client_id"),
            )


def user(sourced_id: str, role: str = "student") -> Row:
    """A user of the one school."""
    return record(
        "user",
        sourced_id,
        {
            "givenName": sourced_id.title(),
            "roles": [{"role": role, "org": {"sourcedId": "school"}}],
            "primaryOrg": {"sourcedId": "school"},
        },
    )


def course(client_id: str) -> list[Row]:
    """A client's course `<client>-course` with unit, two lessons, a class and its owner."""
    course_id, unit_id = f"{client_id}-course", f"{client_id}-unit"
    parent = {"course": {"sourcedId": course_id}}
    owned = {"owner_client_id": client_id}
    return [
        record("client", client_id, {"name": client_id.title(), "defaultAppId": client_id}),
        record("course", course_id, {"title": course_id, "subjects": [client_id.title()]}, **owned),
        record("unit", unit_id, {"title": unit_id, "sortOrder": 1, **parent}, **owned),
        lesson(client_id, f"{client_id}-1", 1),
        lesson(client_id, f"{client_id}-2", 2),
        record("class", f"{client_id}-class", {"school": {"sourcedId": "school"}, **parent}),
    ]


def lesson(client_id: str, lesson_id: str, sort_order: int, **columns: Any) -> Row:
    """A lesson of the client's unit."""
    return record(
        "lesson",
        lesson_id,
        {
            "title": lesson_id,
            "sortOrder": sort_order,
            "unit": {"sourcedId": f"{client_id}-unit"},
            "course": {"sourcedId": f"{client_id}-course"},
        },
        **{"owner_client_id": client_id, **columns},
    )


def enrollment(student_id: str, client_id: str) -> Row:
    """A student in the client's class, since ever."""
    return record(
        "enrollment",
        f"{student_id}-{client_id}",
        {
            "user": {"sourcedId": student_id},
            "class": {"sourcedId": f"{client_id}-class"},
            "role": "student",
            "primary": True,
        },
    )


def event(event_id: str, event_type: str, action: str, at: datetime, **columns: Any) -> Row:
    """An event of Ann's in reading's first lesson, but for what `columns` say."""
    client_id = columns.get("client_id", "reading")
    is_session = event_type == "SessionEvent"
    return {
        "event_id": event_id,
        "event_type": event_type,
        "action": action,
        "event_time": at,
        "student_ref": "ann",
        "course_ref": None if is_session else f"{client_id}-course",
        "lesson_ref": None if is_session else f"{client_id}-1",
        **columns,
    }


def view(event_id: str, at: datetime, **columns: Any) -> Row:
    """A page viewed."""
    return event(event_id, "ViewEvent", "Viewed", at, object_ref="page", **columns)


def session(event_id: str, action: str, at: datetime, **columns: Any) -> Row:
    """A login, a logout or a timeout."""
    return event(event_id, "SessionEvent", action, at, **columns)


def xp(event_id: str, at: datetime, value: float, attempt: str, **columns: Any) -> Row:
    """XP for an attempt."""
    return event(
        event_id,
        "GradeEvent",
        "Graded",
        at,
        **{
            "object_ref": attempt,
            "object_type": "Attempt",
            "attempt_ref": attempt,
            "score_type": "XP",
            "score_given": value,
            **columns,
        },
    )


def item(event_id: str, at: datetime, action: str, **columns: Any) -> Row:
    """A question started or answered."""
    return event(
        event_id,
        "AssessmentItemEvent",
        action,
        at,
        **{"object_ref": "q1", "attempt_ref": f"{event_id}-a", "attempt_part_ref": "a9", **columns},
    )


def minutes(count: float) -> timedelta:
    """That many minutes."""
    return timedelta(minutes=count)


ROSTER: list[Row] = [
    record("org", "school", {"name": "School", "metadata": {"timezone": "America/Chicago"}}),
    user("ann"),
    user("ben"),
    user("cara"),
    *course("reading"),
    *course("maths"),
    enrollment("ann", "reading"),
    enrollment("ann", "maths"),
    enrollment("ben", "reading"),
]
LATE_ROSTER: list[Row] = [enrollment("cara", "reading"), lesson("reading", "late-lesson", 3)]

NIGHT = datetime(2026, 3, 5, 5, 50, tzinfo=UTC)  # ten minutes before midnight in Chicago
CLOCK_CHANGE = datetime(2026, 3, 8, 7, 50, tzinfo=UTC)  # ten minutes before 2 becomes 3

EVENTS: list[Row] = [
    session("login", "LoggedIn", DAY, session_ref="s1"),
    view("v1", DAY + minutes(5), session_ref="s1"),
    item("i1", DAY + minutes(6), "Started", session_ref="s1"),
    item("i2", DAY + minutes(7), "Completed", session_ref="s1", is_correct=True),
    view("v2", DAY + minutes(67), session_ref="s1"),  # a gap of exactly the limit
    session("logout", "LoggedOut", DAY + minutes(68), session_ref="s1"),
    view("after", DAY + minutes(70), session_ref="s1"),
    view("v1", DAY + minutes(5), session_ref="s1"),  # the same again
    view("v1", DAY + minutes(5), session_ref="s9"),  # the same id, another story
    view("m1", DAY + minutes(3), client_id="maths"),  # two apps at once
    view("m2", DAY + minutes(9), client_id="maths"),
    item("m3", DAY + minutes(12), "Completed", client_id="maths", is_correct=False),
    session("no-logout", "LoggedIn", DAY + minutes(200), session_ref="s2"),
    view("n1", DAY + minutes(203), session_ref="s2"),
    view("midnight-1", NIGHT),
    view("midnight-2", NIGHT + minutes(8)),
    view("midnight-3", NIGHT + minutes(15)),
    view("clock-1", CLOCK_CHANGE, student_ref="ben"),
    view("clock-2", CLOCK_CHANGE + minutes(20), student_ref="ben"),
    xp("x1", DAY + minutes(30), 10, "attempt-1"),
    xp("x2", DAY + minutes(40), 12.5, "attempt-1"),  # regraded
    xp("x3", DAY + minutes(41), -2, "attempt-2"),
    xp("x4", DAY + minutes(42), 0, "attempt-3"),
    xp("x5", DAY + minutes(43), 7, "attempt-4", student_ref="cara"),  # enrolled later
    view("waits", DAY + minutes(44), student_ref="ben", lesson_ref="late-lesson"),
    view("nobody", DAY + minutes(45), student_ref="nobody"),
    view("foreign", DAY + minutes(46), course_ref="maths-course", lesson_ref="maths-1"),
    event("tool", "ToolUseEvent", "Used", DAY + minutes(47), is_processed=False),
    view("url", DAY + minutes(48), student_ref="https://id.example/users/ben"),
    view("early", DAY - minutes(2), session_ref="s1"),  # before its own login
    view("pause-1", DAY + minutes(300), student_ref="ben"),
    view("pause-2", DAY + minutes(330), student_ref="ben"),  # exactly 30 minutes
    view("pause-3", DAY + minutes(360) + timedelta(seconds=1), student_ref="ben"),
]

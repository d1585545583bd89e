"""The school of the invented students, as the raw records have it and as the oracle reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.warehouse.oracle.story import Enrollment, Story, read_events
from tests.warehouse.trap_school import Row, course, record, user

ZONE = ZoneInfo("America/Chicago")
AS_OF = datetime(2026, 11, 4, 18, tzinfo=UTC)  # Wednesday noon in Chicago
RECORDED_AT = datetime(2026, 10, 26, 18, tzinfo=UTC)
HOLIDAY = date(2026, 11, 2)
TERMS = ((date(2026, 8, 17), date(2026, 10, 28)), (date(2026, 10, 30), date(2027, 1, 29)))
CLIENTS = ("reading", "maths", "science")
BEGINS = (None, None, None, date(2026, 10, 29), date(2026, 11, 4), date(2026, 11, 5))
ENDS = (None, None, None, date(2026, 10, 30), date(2026, 11, 3))


@dataclass
class Case:
    """One student: what arrives, in the order of arrival, and where it is enrolled."""

    student_id: str
    rows: list[Row]
    enrollments: list[Enrollment]
    goal_xp: Decimal | None


def enrollments_of(random: Random, student_id: str, clients: list[str]) -> Iterator[Enrollment]:
    """Where a student is enrolled: nowhere, once, or twice in a course; not always on the day."""
    for client_id in clients:
        for number in range(random.choice((0, 1, 1, 1, 2))):
            yield Enrollment(
                f"{student_id}-{client_id}-{number}",
                student_id,
                f"{client_id}-course",
                random.choice((None, "school", "elsewhere")),
                random.random() < 0.5,
                random.choice(BEGINS),
                random.choice(ENDS),
                random.choice((None, None, Decimal(25))) if number == 0 else None,
            )


def roster(cases: list[Case]) -> list[Row]:
    """The school, its courses and its students, as the raw records have them."""
    made: list[Row] = [
        record(
            "org",
            "school",
            {
                "name": "School",
                "metadata": {
                    "timezone": ZONE.key,
                    "calendar": {"holidays": [HOLIDAY.isoformat()]},
                },
            },
        )
    ]
    made += [_term(number, *days) for number, days in enumerate(TERMS)]
    for client_id in CLIENTS:
        made += course(client_id)
    made += [_class_of(client_id) for client_id in CLIENTS]
    for each in cases:
        student = user(each.student_id)
        goals = (
            {} if each.goal_xp is None else {"metadata": {"goals": {"dailyXp": int(each.goal_xp)}}}
        )
        made.append({**student, "payload": {**student["payload"], **goals}})
        made += [_enrollment(enrollment) for enrollment in each.enrollments]
    return [{"recorded_at": RECORDED_AT, **row} for row in made]


def _term(number: int, first: date, last: date) -> Row:
    days = {"startDate": first.isoformat(), "endDate": last.isoformat()}
    return record("academicSession", f"term-{number}", {"title": "Term", "type": "term", **days})


def _class_of(client_id: str) -> Row:
    """A class that names no school: it is at the student's."""
    parent = {"course": {"sourcedId": f"{client_id}-course"}}
    terms = {"terms": [{"sourcedId": f"term-{number}"} for number in range(len(TERMS))]}
    return record("class", f"{client_id}-anywhere", {"title": "Anywhere", **parent, **terms})


def _enrollment(enrollment: Enrollment) -> Row:
    client_id = enrollment.course_id.removesuffix("-course")
    payload: dict[str, Any] = {
        "user": {"sourcedId": enrollment.student_id},
        "class": {"sourcedId": f"{client_id}-anywhere"},
        "role": "student",
        "primary": enrollment.is_primary,
    }
    if enrollment.school_id:
        payload["school"] = {"sourcedId": enrollment.school_id}
    if enrollment.begin_on:
        payload["beginDate"] = enrollment.begin_on.isoformat()
    if enrollment.end_on:
        payload["endDate"] = enrollment.end_on.isoformat()
    if enrollment.goal_xp is not None:
        payload["metadata"] = {"goals": {"dailyXp": int(enrollment.goal_xp)}}
    return record("enrollment", enrollment.enrollment_id, payload)


def story(cases: list[Case]) -> Story:
    """The same for the oracle."""
    return Story(
        events=read_events(row for each in cases for row in each.rows),
        as_of=AS_OF,
        zone=ZONE,
        school_id="school",
        enrollments=tuple(enrollment for each in cases for enrollment in each.enrollments),
        subjects={f"{client_id}-course": client_id.title() for client_id in CLIENTS},
        holidays=frozenset({HOLIDAY}),
        terms=TERMS,
        student_goals={each.student_id: each.goal_xp for each in cases if each.goal_xp is not None},
    )

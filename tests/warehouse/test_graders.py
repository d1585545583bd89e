"""Whose a grade is that a person gave: the actor's, if a student, else the assignee's."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core.builds.plan import Plan
from core.settings import Settings
from tests.warehouse.native import NativeWarehouse
from tests.warehouse.trap_school import DAY, Row, course, enrollment, record, user, xp

ROSTER: list[Row] = [
    record("org", "school", {"name": "School", "metadata": {"timezone": "America/Chicago"}}),
    user("ann"),
    user("ben"),
    user("teacher", role="teacher"),
    *course("reading"),
    enrollment("ann", "reading"),
    enrollment("ben", "reading"),
]


def graded(event_id: str, actor_id: str, assignee: Any) -> Row:
    """10 XP for an attempt of the assignee's."""
    payload = json.dumps({"object": {"id": event_id, "type": "Attempt", "assignee": assignee}})
    return {**xp(event_id, DAY, 10, event_id), "student_ref": actor_id, "payload": payload}


@pytest.fixture
def school(compiled: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeWarehouse]:
    built = NativeWarehouse(Settings(data_dir=tmp_path_factory.mktemp("graders")), compiled)
    yield built
    built.close()


def students(school: NativeWarehouse) -> dict[str, tuple[str | None, str]]:
    """Whose each event is, and its verdict."""
    rows = school.connection.execute(
        "select event_id, student_id, verdict from warehouse.marts.fct_event_verdicts"
    ).fetchall()
    return {event_id: (student_id, verdict) for event_id, student_id, verdict in rows}


def test_a_teachers_grade_is_the_assignees_however_named(school: NativeWarehouse) -> None:
    school.load(
        [
            graded("by id", "teacher", "ann"),
            graded("by entity", "teacher", {"id": "https://app.example/users/ann"}),
        ],
        ROSTER,
    )
    school.build(DAY + timedelta(days=1))
    assert students(school) == {"by id": ("ann", "accepted"), "by entity": ("ann", "accepted")}


def test_a_students_grade_stays_the_students(school: NativeWarehouse) -> None:
    school.load([graded("peer", "ben", "ann")], ROSTER)
    school.build(DAY + timedelta(days=1))
    assert students(school) == {"peer": ("ben", "accepted")}


def test_a_teachers_grade_waits_for_its_assignee(school: NativeWarehouse) -> None:
    late = [user("cid"), enrollment("cid", "reading")]
    school.load([graded("waits", "teacher", "cid"), graded("nobody", "teacher", None)], ROSTER)
    school.build(DAY + timedelta(days=1))
    assert students(school)["waits"] == (None, "quarantined")
    school.load([], late)
    school.build(DAY + timedelta(days=1))
    assert students(school) == {"waits": ("cid", "accepted"), "nobody": (None, "quarantined")}

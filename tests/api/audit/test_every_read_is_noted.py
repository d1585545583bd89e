"""Every read route that shows a student to a person writes down whom it showed.

Made from the routes themselves: each is asked as a guide, a parent, an admin and the student, in
every form that it has, and what the answer names is compared with what was written.
"""

import io
import re
from typing import Any

import polars as pl
import pytest
from fastapi.routing import APIRoute

from api.app import routers
from api.formats import ARROW, CSV
from api.parameters import parameters_of
from tests.api.conftest import School, Visit

STUDENTS = ("ana", "ben", "cai", "zoe")
NAMED = re.compile(rf"(?<![\w-])({'|'.join(STUDENTS)})(?![\w-])", re.IGNORECASE)
RECEIPT = "00000000-0000-0000-0000-000000000007"
# What stands for the parameters of a path: something about Ana, by what goes before it.
VALUES = {
    "users": "ana",
    "students": "ana",
    "teachers": "gil",
    "agents": "pat",
    "lessons": "r1",
    "sessions": "session-reading",
    "session": "session-reading",
    "events/1.0": "event-x1",
    "event": "event-x1",
    "receipts": RECEIPT,
    "xp-entry": "x1",
    "result": "res-1",
    "results": "res-2",
    "assessmentResults": "res-1",
    "enrollments": "ana-r",
    "classes": "class-r",
    "orgs": "maple",
    "schools": "maple",
    "courses": "reading-5",
    RECEIPT: "1",
}
QUERY = {
    "studentId": "ana",
    "lessonId": "r1",
    "date": "2026-01-15",
    "days": "30",
    "on": "2026-01-15",
}
NOT_OF_STUDENTS = {"/audit/1.0/entries"}  # reading the log is noted as such, by its own test
ROUTES = {
    route.path: route
    for router in routers
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ())
}
NAMING = [
    "/xp/1.0/users/{user_id}/entries",
    "/gradebook/1.0/results",
    "/explain/1.0/xp",
    "/events/1.0",
    "/mastery/1.0/lessons/{lesson_id}/students",
    "/rostering/1.0/classes/{sourced_id}/students",
    "/reports/1.0/guide/today",
    "/analytics/1.0/facts",
    "/insights/1.0/users/{user_id}",
]
READERS = ("guide", "parent", "admin", "ana")


def address(path: str) -> str:
    """The path with something that is there in the place of each parameter."""
    while (hole := re.search(r"\{[^}]+\}", path)) is not None:
        before = path[: hole.start() - 1]
        value = next((VALUES[end] for end in VALUES if before.endswith(f"/{end}")), "line-r")
        path = path.replace(hole[0], value, 1)
    return path


def query(path: str) -> dict[str, str]:
    """What of QUERY the route reads."""
    return {name: QUERY[name] for name in QUERY.keys() & parameters_of(ROUTES[path])}


def newest(school: School) -> int:
    with school.context.database.connection() as connection:
        row = connection.execute("select coalesce(max(audit_id), 0) from identity.audit_log")
        return int(row.fetchone()[0])  # type: ignore[index]


def noted_since(school: School, number: int) -> set[str]:
    with school.context.database.connection() as connection:
        return {
            student
            for (student,) in connection.execute(
                "select distinct student_id from identity.audit_log"
                " where audit_id > %s and actor_kind = 'person' and student_id is not null",
                [number],
            )
        }


def shown(answer: Any) -> set[str]:
    """Students whom an answer names; a zip is about the student it was asked for."""
    if answer.headers["content-type"].startswith("application/zip"):
        return {"ana"}
    text = answer.text
    if answer.headers["content-type"] == ARROW:
        text = pl.read_ipc_stream(io.BytesIO(answer.content)).write_csv()
    return {found.lower() for found in NAMED.findall(text)}


@pytest.mark.parametrize("path", sorted(ROUTES.keys() - NOT_OF_STUDENTS))
def test_whoever_an_answer_names_is_written_down(
    small_school: School, visit: Visit, path: str
) -> None:
    documented = ROUTES[path].responses.get(200, {}).get("content", {})
    for reader in READERS:
        before = newest(small_school)
        answer = visit(reader).get(address(path), params=query(path))
        if answer.status_code == 200:
            assert shown(answer) <= noted_since(small_school, before), reader
            break
    for form in {CSV, ARROW} & set(documented):
        before = newest(small_school)
        answer = visit(reader).get(address(path), params=query(path), headers={"Accept": form})
        assert shown(answer) <= noted_since(small_school, before), form


@pytest.mark.parametrize("path", NAMING)
def test_these_routes_do_name_students(visit: Visit, path: str) -> None:
    assert shown(visit("guide").get(address(path), params=query(path)))

"""Every read route, asked as every role for what is its own, another's and not there.

The oracle (`oracle.py`) says what each role sees; the routes (`routes.py`) say what each is asked.
"""

import os
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from core.cli.server import create_app
from core.settings import Settings
from tests.matrix import oracle, routes
from tests.matrix.conftest import Matrix, plain
from tests.matrix.marts import GHOST, PAIRS, event_id, key, receipt
from tests.matrix.oracle import Pair
from tests.matrix.registry import STUDENTS, name_of

SHAPES = ("text/csv", "application/vnd.apache.arrow.stream")
ABSENT = ("stu-absent", "reading")
IS_WHOLE = os.environ.get("MATRIX") == "whole"
# These roles ask every route; of the others, each a third of them, another third each (all of
# them in a run with MATRIX=whole).
ASK_ALL = {"reading", "parent", "guide"}
ASK_ALL_OWN = {"reading", "guide"}
TABLE_READERS = {"reading", "trial", "guide", "school_admin", "platform_admin"}
Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part")
READERS = [role for role in oracle.ROLES if role not in oracle.REFUSED]


def asked(role: str, placed: Mapping[Key, Part]) -> Iterator[tuple[Key, Part]]:
    """What a role asks of the routes."""
    for number, (name, part) in enumerate(placed.items()):
        if role in ASK_ALL or IS_WHOLE or (number + READERS.index(role)) % 3 == 0:
            yield name, part


def test_every_read_route_is_placed() -> None:
    app = create_app(Settings(data_dir=Path("unopened")))
    served = {path for path, said in app.openapi()["paths"].items() if "get" in said}
    assert served - routes.NOT_OF_STUDENTS == routes.placed()


@pytest.mark.parametrize("role", oracle.REFUSED)
def test_who_has_no_good_token_reads_nothing(matrix: Matrix, role: str) -> None:
    status = oracle.REFUSED[role]
    paths = sorted(routes.placed())
    for path in paths if role == "nobody" or IS_WHOLE else paths[::3]:
        answer = matrix.get(role, path)
        assert answer.status_code == status, path
        assert not any(student in answer.text for student in STUDENTS), path


def hidden_words(role: str) -> list[str]:
    """What may stand in no answer to a role: students and facts that are not its to see."""
    if role in oracle.SEE_ALL:
        return []
    seen, users = oracle.by_id(role), oracle.records(role)["user"]
    words = [key(*pair) for pair in PAIRS if pair not in seen.facts]
    for student in STUDENTS:
        if student not in seen.students | users:
            words.append(student)
        if student not in users:
            words.append(name_of(student))
    return words


def probes(role: str, path: str, single: routes.Single) -> tuple[list[Pair], list[Pair]]:
    """Of the pairs that a role sees the first; of the others the first, and to a partner more.

    Some roles ask each route for their own, the others every third.
    """
    seen = oracle.by_id(role)
    own = [pair for pair in PAIRS if single.seen(seen, pair)]
    other = [pair for pair in PAIRS if not single.seen(seen, pair)]
    if single.of == "students" or single.names_student:
        other = [pair for pair in other if pair[0] not in seen.students]
    if (
        not IS_WHOLE
        and role not in ASK_ALL_OWN
        and (list(routes.SINGLE).index(path) + READERS.index(role)) % 3
    ):
        own = []
    return own[:1], [*other[:1], *(other[-2:] if role in oracle.PARTNERS else ())]


def asked_ids(pair: Pair) -> list[str]:
    """Every spelling of a pair in a request."""
    student, app = pair
    return [key(student, app), student, receipt(student, app), event_id(student, app)]


def faults_of_single(matrix: Matrix, role: str, path: str, single: routes.Single) -> Iterator[str]:
    if role in oracle.READ_NO_STUDENTS or (
        single.roles is not None and routes.report_role(role) not in single.roles
    ):
        statuses = {matrix.get(role, single.ask(*pair)).status_code for pair in (PAIRS[0], ABSENT)}
        if statuses != {403}:
            yield f"{path}: {statuses}, not 403"
        return
    own, other = probes(role, path, single)
    absent = matrix.absent(single.ask(*ABSENT), *asked_ids(ABSENT))
    for pair in own:
        answer = matrix.get(role, single.ask(*pair))
        if answer.status_code != 200:
            yield f"{path}: {answer.status_code} for its own {pair}"
        yield from faults_of_words(role, path, answer.text)
    for pair in other:
        answer = matrix.get(role, single.ask(*pair))
        if plain(answer, *asked_ids(pair)) != absent:
            yield f"{path}: {pair} reads unlike what is not there: {answer.text[:300]}"


def faults_of_words(role: str, path: str, text: str) -> Iterator[str]:
    found = [word for word in hidden_words(role) if word in text]
    if found:
        yield f"{path} shows {found}"


@pytest.mark.parametrize("role", READERS)
def test_what_is_asked_for_by_id(matrix: Matrix, role: str) -> None:
    faults = [
        fault
        for path, single in asked(role, routes.SINGLE)
        for fault in faults_of_single(matrix, role, path, single)
    ]
    assert faults == []


def faults_of_list(matrix: Matrix, role: str, path: str, listed: routes.Listed) -> Iterator[str]:
    if role in oracle.READ_NO_STUDENTS or (
        path.endswith("/items") and routes.report_role(role) not in routes.ITEM_READERS
    ):
        status = matrix.get(role, listed.ask).status_code
        if status != 403:
            yield f"{path}: {status}, not 403"
        return
    expected = {listed.expected(pair) for pair in getattr(oracle.listed(role), listed.of)}
    answer = matrix.get(role, listed.ask)
    found = {listed.mark(row) for row in matrix.rows(answer, listed.rows)}
    if found != expected:
        yield f"{path}: more {sorted(found - expected)}, less {sorted(expected - found)}"
    texts = [answer.text]
    for shape in SHAPES if role in TABLE_READERS else ():
        table = matrix.get(role, listed.ask, Accept=shape)
        texts.append(table.content.decode("latin-1"))
        if int(table.headers["X-Total-Count"]) != len(expected):
            yield f"{path}: another total in {shape}"
        if not all(name in texts[-1] for name in expected):
            yield f"{path}: fewer rows in {shape}"
    for text in texts:
        yield from faults_of_words(role, path, text)


@pytest.mark.parametrize("role", READERS)
def test_what_is_listed(matrix: Matrix, role: str) -> None:
    faults = [
        fault
        for path, listed in asked(role, routes.LISTED)
        for fault in faults_of_list(matrix, role, path, listed)
    ]
    assert faults == []


@pytest.mark.parametrize("role", READERS)
def test_the_students_of_a_lesson(matrix: Matrix, role: str) -> None:
    absent = routes.BY_LESSON.format(lesson_id="lesson-absent")
    for app, lesson in (("reading", "lesson-r"), ("maths", "lesson-m"), ("trial", "lesson-t")):
        answer = matrix.get(role, routes.BY_LESSON.format(lesson_id=lesson))
        if role in oracle.READ_NO_STUDENTS:
            assert answer.status_code == 403
            continue
        expected = {student for student, of in oracle.listed(role).facts if of == app}
        if expected or role in oracle.SEE_ALL or oracle.PARTNERS.get(role) == app:
            found = {row["studentId"] for row in matrix.rows(answer, "students")}
            assert found == expected, lesson
        else:
            assert plain(answer, lesson) == matrix.absent(absent, "lesson-absent")
        assert list(faults_of_words(role, lesson, answer.text)) == []


@pytest.mark.parametrize("role", READERS)
def test_reports(matrix: Matrix, role: str) -> None:
    for path, roles in routes.REPORTS.items():
        answer = matrix.get(role, path)
        known_as = routes.report_role(role)
        allowed = known_as in roles and not (known_as == "" and path.endswith(("today", "schools")))
        assert (answer.status_code == 200) is allowed, (path, answer.text)
        assert answer.status_code in (200, 403), path
        assert list(faults_of_words(role, path, answer.text)) == []
    for path, roles in routes.OPERATORS.items():
        answer = matrix.get(role, path.format(alert_id=1))
        assert (answer.status_code != 403) is (role in roles), (path, answer.text)
    if routes.report_role(role) in routes.STAFF:
        guided = matrix.get(role, "/reports/1.0/guide/today?on=2026-01-15").json()["students"]
        assert {row["studentId"] for row in guided} <= oracle.listed(role).students
        hidden = matrix.get(role, "/reports/1.0/guide/today?classId=class-t")
        absent = matrix.get(role, "/reports/1.0/guide/today?classId=class-absent")
        assert plain(hidden, "class-t") == plain(absent, "class-absent")


@pytest.mark.parametrize("role", READERS)
def test_the_access_log(matrix: Matrix, role: str) -> None:
    for path in routes.AUDIT:
        answer = matrix.get(role, path)
        is_admin = routes.report_role(role) == "admin"
        assert answer.status_code == (200 if is_admin else 403), path
        assert list(faults_of_words(role, path, answer.text)) == []


@pytest.mark.parametrize("role", READERS)
def test_a_student_s_export_and_erasure(matrix: Matrix, role: str) -> None:
    path = routes.EXPORT
    absent = matrix.absent(path.format(student_id="stu-absent"), "stu-absent")
    sees_all = role in oracle.SEE_ALL
    is_family = routes.report_role(role) in {"student", "parent"}
    for student in ("stu-ana", "stu-ben", "stu-zoe"):
        answer = matrix.get(role, path.format(student_id=student))
        if not sees_all and not is_family:
            assert answer.status_code == 403, student
        elif sees_all or student in oracle.STUDENTS_OF[role]:
            assert answer.status_code == 200, student
        else:
            assert plain(answer, student) == absent, student
    state = matrix.get(role, routes.ERASURE.format(student_id="stu-ana"))
    assert state.status_code == (404 if sees_all else 403)


@pytest.mark.parametrize("role", READERS)
def test_what_xp_means_is_told_of_linked_children_alone(matrix: Matrix, role: str) -> None:
    is_parent = routes.report_role(role) == "parent"
    absent = plain(matrix.get(role, f"{routes.MEANING}?studentId=stu-absent"), "stu-absent")
    assert absent[0] == (404 if is_parent else 403)
    for student in ("stu-ana", "stu-ben", "stu-zoe"):
        answer = matrix.get(role, f"{routes.MEANING}?studentId={student}")
        if is_parent and student in oracle.STUDENTS_OF[role]:
            assert answer.status_code == 200, student
        else:
            assert plain(answer, student) == absent, student


@pytest.mark.parametrize("role", READERS)
def test_an_address_that_is_not_to_be_seen_is_none(matrix: Matrix, role: str) -> None:
    named = oracle.by_id(role).students
    if role in oracle.PARTNERS:
        named = oracle.NAMED_TO[oracle.PARTNERS[role]]
    for path in ("/analytics/1.0/activity", "/gradebook/1.0/results"):
        absent = f"{path}?email=stu-absent@school.example"
        for student in ("stu-ana", "stu-ben", "stu-zoe", "stu-dan", "stu-sam"):
            answer = matrix.get(role, f"{path}?email={student}@school.example")
            if role in oracle.READ_NO_STUDENTS:
                assert answer.status_code == 403
            elif student in named and student != "stu-dan":
                assert answer.status_code == 200, (path, student)
            else:
                assert plain(answer, student) == matrix.absent(absent, "stu-absent"), (
                    path,
                    student,
                )


def test_a_lesson_of_another_app_is_none_of_a_student_whom_a_partner_knows(matrix: Matrix) -> None:
    path = "/explain/1.0/mastery?studentId=stu-ana&lessonId={}"
    hidden, absent = (matrix.get("maths", path.format(name)) for name in ("lesson-r", "lesson-q"))
    assert hidden.status_code == 404
    assert plain(hidden, "lesson-r") == plain(absent, "lesson-q")


def test_an_event_about_a_hidden_student_reads_like_one_about_nobody(matrix: Matrix) -> None:
    zoe = ("stu-zoe", "reading")
    for path in (
        "/events/1.0/{event_id}",
        "/events/1.0/receipts/{receipt_id}",
        "/events/1.0/receipts/{receipt_id}/{index}",
        "/explain/1.0/event/{event_id}",
    ):
        single = routes.SINGLE[path]
        hidden, nobody = (
            plain(matrix.get("reading", single.ask(*pair)), *asked_ids(pair))
            for pair in (zoe, GHOST)
        )
        assert hidden[0] == 200
        assert hidden[2] == nobody[2], path

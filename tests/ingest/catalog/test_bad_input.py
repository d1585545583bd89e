"""Refusals, read as a client reads them."""

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.access import Viewer
from core.errors import ForbiddenError, MalformedError
from core.registry.types import COURSE
from ingest.catalog.body import decode
from ingest.catalog.rights import authorize
from tests.core.registry.install import BASE, Caller, Install, publish

USER = {"givenName": "Ada", "familyName": "Young"}


def put_bytes(caller: Caller, content: bytes, **headers: str) -> Any:
    return caller.install.http.put(
        f"{BASE}/courses/c",
        content=content,
        headers={"Authorization": f"Bearer {caller.token}", **headers},
    )


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff{}",
        b'{"title": 1e999}',
        b'{"title": "\\ud800"}',
        b'{"title": "a\\u0000b"}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[" * 100_000,
        b'{"title": ' + b"9" * 5000 + b"}",
        b'{"a\\u0000": 1}',
    ],
)
def test_what_cannot_be_read_is_400(install: Install, content: bytes) -> None:
    response = put_bytes(install.client("AlphaTok"), content)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["message"] == response.json()["detail"]
    assert response.headers["X-Request-ID"] == response.json()["requestId"]


def test_the_body_must_be_json_and_of_bounded_size(install: Install) -> None:
    partner = install.client("AlphaTok")
    assert put_bytes(partner, b"<x/>", **{"Content-Type": "text/xml"}).status_code == 415
    assert put_bytes(partner, b"{}", **{"Content-Encoding": "gzip"}).status_code == 415
    json_ld = put_bytes(partner, b'{"title":"C"}', **{"Content-Type": "application/ld+json"})
    assert json_ld.status_code == 201
    most = install.context.settings.max_body_bytes
    assert put_bytes(partner, b'{"title":"' + b"x" * most + b'"}').status_code == 413


def test_a_body_with_another_id_than_the_path_is_refused(install: Install) -> None:
    partner = install.client("AlphaTok")
    response = partner.send("PUT", "/courses/a", {"course": {"sourcedId": "b", "title": "T"}})
    problem = response.json()
    assert response.status_code == 400
    assert problem["type"] == "urn:timeback:error:sourced_id_mismatch"
    assert problem["imsx_error_details"] == [{"path": "course.sourcedId", "message": "must be 'a'"}]


@pytest.mark.parametrize("sourced_id", ["a%20b", "a%3Fb", "x" * 256, "%E2%80%A8"])
def test_an_id_that_fits_no_path_is_refused(install: Install, sourced_id: str) -> None:
    response = install.client("AlphaTok").send("PUT", f"/courses/{sourced_id}", {"title": "T"})
    assert response.status_code == 400
    problem = response.json()
    assert problem["type"] == "urn:timeback:error:invalid_sourced_id"
    assert "1 to 255 characters" in problem["detail"]
    assert [fault["path"] for fault in problem["imsx_error_details"]] == ["course.sourcedId"]


@pytest.mark.parametrize(
    ("body", "status", "words", "paths"),
    [
        ({"courses": [{"title": "T"}, 5]}, 400, "something that is no object", ["courses.1"]),
        ({"courses": []}, 400, "A POST holds 1 to 1000 courses", []),
        ({"courses": [{}] * 1001}, 400, "A POST holds 1 to 1000 courses", []),
        ({"courses": [{"title": "T", "sourcedId": 5}]}, 400, "cannot be", ["course.sourcedId"]),
        ({"title": "x" * 300_000}, 413, "at most 262144 bytes as JSON", []),
    ],
)
def test_what_is_posted_must_be_records_of_bounded_number_and_size(
    install: Install, body: dict[str, Any], status: int, words: str, paths: list[str]
) -> None:
    response = install.client("AlphaTok").send("POST", "/courses", body)
    problem = response.json()
    assert response.status_code == status
    assert words in problem["detail"]
    assert [fault["path"] for fault in problem["imsx_error_details"]] == paths


def test_an_id_of_anothers_cannot_be_posted(install: Install) -> None:
    install.client("AlphaTok").put("/courses/taken", {"title": "Theirs"})
    response = install.client("BetaTok").send(
        "POST", "/courses", {"sourcedId": "taken", "title": "Mine"}
    )
    assert response.status_code == 409
    assert response.json()["type"] == "urn:timeback:error:sourced_id_unavailable"


def test_people_write_nothing_whatever_their_token_says(database: psycopg.Connection[Any]) -> None:
    person = Viewer("person", "ada", frozenset({"roster.createput"}), roles=frozenset({"admin"}))
    with pytest.raises(ForbiddenError, match="People write nothing here") as caught:
        authorize(database, person, COURSE)
    assert caught.value.reason == "no_client"


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/courses/c", {}, "course.title"),
        ("/courses/c", {"title": ""}, "course.title"),
        ("/courses/c", {"title": "T", "status": "inactive"}, "course.status"),
        ("/courses/c", {"title": "T", "grades": [True]}, "course.grades.0"),
        ("/courses/c", {"title": "T", "metadata": []}, "course.metadata"),
        (
            "/courses/c",
            {"title": "T", "metadata": {"gradePolicy": "worst"}},
            "course.metadata.gradePolicy",
        ),
        (
            "/courses/c",
            {"title": "T", "metadata": {"goals": {"dailyXp": -1}}},
            "course.metadata.goals.dailyXp",
        ),
        ("/units/u", {"title": "T"}, "unit.course"),
        ("/lessons/l", {"title": "T", "unit": {}}, "lesson.unit.sourcedId"),
        ("/lessons/l", {"title": "T", "unit": "u", "sortOrder": "x"}, "lesson.sortOrder.int"),
        ("/users/u", {**USER, "enabledUser": "perhaps"}, "user.enabledUser"),
        ("/users/u", {**USER, "roles": [{"role": "janitor"}]}, "user.roles.0.role"),
        ("/users/u", {**USER, "roles": "student"}, "user.roles"),
        ("/classes/c", {"title": "T", "course": "c", "classType": "x"}, "class.classType"),
        (
            "/enrollments/e",
            {"user": "u", "class": "c", "beginDate": "2026-02-30"},
            "enrollment.beginDate",
        ),
        ("/enrollments/e", {"user": "u", "class": "c", "endDate": 5}, "enrollment.endDate"),
    ],
)
def test_every_wrong_field_is_named(
    install: Install, path: str, body: dict[str, Any], place: str
) -> None:
    response = install.client("AlphaTok").send("PUT", path, body)
    problem = response.json()
    assert response.status_code == 422
    assert problem["type"] == "urn:timeback:error:invalid_record"
    assert problem["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == (
        "invaliddata"
    )
    assert place in [detail["path"] for detail in problem["imsx_error_details"]]


def test_an_enrollment_cannot_end_before_it_begins(install: Install) -> None:
    body = {"user": "u", "class": "c", "beginDate": "2026-02-02", "endDate": "2026-02-01"}
    response = install.client("AlphaTok").send("PUT", "/enrollments/e", body)
    assert response.status_code == 422
    assert "endDate is before beginDate" in response.text


def test_an_org_needs_a_real_time_zone(install: Install) -> None:
    alpha = install.client("Alpha", "admin")
    body = {"name": "North", "metadata": {"timezone": "Mars/Olympus"}}
    response = alpha.send("PUT", "/orgs/north", body)
    assert response.status_code == 422
    assert response.json()["imsx_error_details"][0]["path"] == "org.metadata.timezone"


def test_a_teacher_is_no_student(install: Install) -> None:
    partner = install.client("AlphaTok")
    response = partner.send("PUT", "/students/t", {**USER, "roles": [{"role": "teacher"}]})
    assert response.status_code == 422
    partner.put("/teachers/t", USER)
    assert partner.get("/teachers/t").status_code == 200
    assert partner.get("/students/t").status_code == 404
    assert partner.send("PATCH", "/students/t", {"givenName": "Eve"}).status_code == 404
    assert partner.send("DELETE", "/students/t").status_code == 404
    assert partner.send("DELETE", "/teachers/t").status_code == 204


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["sourcedId", "role", "org", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
fields = st.sampled_from(
    [
        "title",
        "course",
        "unit",
        "metadata",
        "roles",
        "orgs",
        "role",
        "grades",
        "status",
        "terms",
        "primaryOrg",
        "endDate",
        "givenName",
        "familyName",
        "user",
        "class",
        "org",
        "email",
    ]
)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    collection=st.sampled_from(
        ["courses", "lessons", "users", "students", "classes", "enrollments"]
    ),
    body=st.dictionaries(fields, json_values, max_size=6),
)
def test_no_object_makes_the_server_fail(
    running: Install, partner: Caller, collection: str, body: dict[str, Any]
) -> None:
    assert running is partner.install
    response = partner.send("PUT", f"/{collection}/x", body)
    assert response.status_code in (200, 201, 400, 409, 422), response.text


@given(st.binary(max_size=200))
def test_no_bytes_make_the_decoder_fail(content: bytes) -> None:
    try:
        decoded = decode(content)
    except MalformedError:
        return
    assert isinstance(decoded, dict)


@pytest.fixture
def partner(install: Install) -> Caller:
    caller = install.client("AlphaTok")
    publish(caller)
    return caller

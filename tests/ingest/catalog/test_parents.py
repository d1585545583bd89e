"""What a record may name, and what was fixed when it was made."""

from typing import Any

import pytest

from tests.core.registry.install import Caller, Install, enroll, publish

USER = {"givenName": "Ada", "familyName": "Young"}


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/units/x", {"title": "T", "course": "nowhere"}, "unit.course.sourcedId"),
        ("/lessons/x", {"title": "T", "unit": "nowhere"}, "lesson.unit.sourcedId"),
        ("/courses/x", {"title": "T", "org": "nowhere"}, "course.org.sourcedId"),
        ("/classes/x", {"title": "T", "course": "nowhere"}, "class.course.sourcedId"),
        (
            "/enrollments/x",
            {"user": "nowhere", "class": "reading-class"},
            "enrollment.user.sourcedId",
        ),
        ("/enrollments/x", {"user": "ada", "class": "nowhere"}, "enrollment.class.sourcedId"),
        ("/users/x", {**USER, "primaryOrg": "nowhere"}, "user.primaryOrg.sourcedId"),
        (
            "/users/x",
            {**USER, "roles": [{"role": "student", "org": "nowhere"}]},
            "user.roles.0.org.sourcedId",
        ),
        ("/students/ada/agents/nowhere", {}, "agent.agent.sourcedId"),
    ],
)
def test_a_parent_that_is_not_there_is_named(
    install: Install, path: str, body: dict[str, Any], place: str
) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    enroll(partner, "reading", "ada")
    response = partner.send("PUT", path, body)
    problem = response.json()
    assert response.status_code == 422
    assert problem["type"] == "urn:timeback:error:unknown_parent"
    assert place in [detail["path"] for detail in problem["imsx_error_details"]]
    assert "nowhere" in problem["detail"]


def test_a_foreign_parent_reads_like_one_that_is_not_there(install: Install) -> None:
    owner, other = install.client("AlphaTok"), install.client("Numbers")
    publish(owner)
    enroll(owner, "reading", "ada")
    publish(other, "math")
    enroll(other, "math", "bob")
    tries = [
        ("/units/x", {"title": "T", "course": "{}"}, "reading"),
        ("/lessons/x", {"title": "T", "unit": "{}"}, "reading-u1"),
        ("/enrollments/x", {"user": "{}", "class": "math-class"}, "ada"),
        ("/enrollments/x", {"user": "bob", "class": "{}"}, "reading-class"),
    ]
    for path, body, foreign in tries:
        answers = []
        for name in (foreign, "nowhere"):
            filled = {key: value.format(name) for key, value in body.items()}
            response = other.send("PUT", path, filled)
            answers.append((response.status_code, response.json()["detail"].replace(name, "?")))
        assert answers[0] == answers[1]
        assert answers[0][0] == 422


def test_a_testing_client_stays_in_its_sandbox_org(install: Install) -> None:
    partner, alpha = install.client("AlphaTok"), install.client("Alpha", "admin")
    alpha.put("/schools/north", {"name": "Northside"})
    response = partner.send("PUT", "/users/ada", {**USER, "primaryOrg": "north"})
    assert response.status_code == 422
    assert partner.send("PUT", "/users/ada", {**USER, "primaryOrg": "partner-sandbox"}).is_success


def test_a_testing_client_enrolls_no_real_student(install: Install) -> None:
    partner, alpha = install.client("AlphaTok"), install.client("Alpha", "admin")
    publish(partner)
    enroll(alpha, "reading", "real")
    partner.put("/classes/own", {"title": "Own", "course": "reading"})
    assert partner.get("/users/real").status_code == 200
    response = partner.send("PUT", "/enrollments/x", {"user": "real", "class": "own"})
    assert response.status_code == 422


def test_a_testing_client_learns_of_no_real_user_by_naming_one(install: Install) -> None:
    partner, alpha = install.client("AlphaTok"), install.client("Alpha", "admin")
    publish(partner)
    enroll(partner, "reading", "ada")
    enroll(alpha, "reading", "real")
    tries: list[tuple[str, dict[str, Any]]] = [
        ("/enrollments/x", {"user": "{}", "class": "reading-class"}),
        ("/students/{}/agents/ada", {}),
        ("/students/ada/agents/{}", {}),
    ]
    for path, body in tries:
        answers = [
            partner.send(
                "PUT", path.format(name), {key: text.format(name) for key, text in body.items()}
            )
            for name in ("real", "nowhere")
        ]
        assert [answer.status_code for answer in answers] == [422, 422], path
        real, absent = (answer.json() for answer in answers)
        for problem, name in ((real, "real"), (absent, "nowhere")):
            problem.pop("requestId")
            assert name in problem["detail"]
        assert str(real).replace("real", "?") == str(absent).replace("nowhere", "?")


def test_promoting_ends_the_right_to_link_and_enroll(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    enroll(partner, "reading", "ada")
    promoted = install.promote(partner)
    enrollment = {"user": "ada", "class": "reading-class"}
    assert promoted.send("PUT", "/enrollments/again", enrollment).status_code == 403
    assert promoted.send("PUT", "/students/ada/agents/ada", {}).status_code == 403
    assert promoted.send("DELETE", "/enrollments/ada-reading").status_code == 403


def test_a_units_course_is_fixed(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    publish(partner, "math")
    response = partner.send("PUT", "/units/reading-u1", {"title": "Unit", "course": "math"})
    assert response.status_code == 409
    assert response.json()["type"] == "urn:timeback:error:parent_fixed"


def move(partner: Caller, unit: str) -> Any:
    return partner.send("PUT", "/lessons/reading-l1", {"title": "Lesson", "unit": unit})


def test_a_lesson_moves_within_its_course_only(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    publish(partner, "math")
    partner.put("/units/reading-u2", {"title": "Unit 2", "course": "reading"})
    assert move(partner, "reading-u2").status_code == 200
    assert move(partner, "math-u1").status_code == 409
    patched = partner.send("PATCH", "/lessons/reading-l1", {"unit": {"sourcedId": "math-u1"}})
    assert patched.status_code == 409
    shown = partner.get("/lessons/reading-l1").json()["lesson"]
    assert shown["unit"]["sourcedId"] == "reading-u2"


def test_a_lesson_that_names_another_course_than_its_units_is_refused(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    publish(partner, "math")
    response = partner.send(
        "PUT", "/lessons/x", {"title": "T", "unit": "reading-u1", "course": "math"}
    )
    assert response.status_code == 422
    assert response.json()["imsx_error_details"][0]["path"] == "lesson.course.sourcedId"


def test_a_deleted_parent_takes_no_new_children_but_keeps_its_old_ones(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    assert partner.send("DELETE", "/units/reading-u1").status_code == 204
    new = {"title": "New", "unit": "reading-u1"}
    assert partner.send("PUT", "/lessons/new", new).status_code == 422
    assert partner.send("PUT", "/lessons/reading-l1", new).status_code == 200


def test_an_agent_link_needs_both_users_and_no_body(install: Install) -> None:
    partner = install.client("AlphaTok")
    for name in ("ada", "mum"):
        partner.put(f"/users/{name}", {**USER, "roles": [{"role": "parent"}]})
    created = partner.send("PUT", "/students/ada/agents/mum")
    assert created.status_code == 201
    assert created.json()["agent"]["role"] == "parent"
    assert partner.send("PUT", "/students/ada/agents/mum").status_code == 200
    assert partner.ids("/users/ada/agents") == ["ada:mum"]
    assert partner.get("/students/ada/agents/mum").json() == created.json()
    assert partner.get("/students/ada/agents/dad").status_code == 404
    assert partner.send("DELETE", "/students/ada/agents/mum").status_code == 204
    assert partner.get("/users/ada/agents").json()["agents"][0]["status"] == "tobedeleted"
    other = partner.send("PUT", "/students/ada/agents/mum", {"agent": {"sourcedId": "dad"}})
    assert other.status_code == 400


def test_an_org_does_not_stand_above_itself(install: Install) -> None:
    alpha = install.client("Alpha", "admin")
    alpha.put("/orgs/state", {"name": "State", "type": "state"})
    alpha.put("/orgs/district", {"name": "District", "type": "district", "parent": "state"})
    for above in ("district", "state"):
        answer = alpha.send("PUT", "/orgs/state", {"name": "State", "parent": above})
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:timeback:error:cycle"

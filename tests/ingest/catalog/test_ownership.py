"""Who may write what: partners their content, testing clients a sandbox, Alpha the rest."""

import pytest

from tests.core.registry.install import Install, enroll, publish

ALPHAS = ("users", "students", "classes", "enrollments")
EVERYWHERE = ("orgs", "schools", "academicSessions", "terms")


@pytest.mark.parametrize("collection", [*ALPHAS, *EVERYWHERE])
def test_a_production_client_is_told_that_alpha_owns_them(
    install: Install, collection: str
) -> None:
    response = install.client("AlphaTok", "production").send("PUT", f"/{collection}/x", {})
    problem = response.json()
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["detail"].startswith("Alpha owns")
    assert problem["type"] == "urn:timeback:error:owned_by_alpha"
    assert problem["imsx_codeMajor"] == "failure"
    assert problem["instance"] == f"/rostering/1.0/{collection}/x"


def test_a_production_client_links_no_agents(install: Install) -> None:
    partner = install.client("AlphaTok", "production")
    assert partner.send("PUT", "/students/a/agents/b").status_code == 403
    assert partner.send("DELETE", "/students/a/agents/b").status_code == 403


def test_a_production_client_publishes_its_content(install: Install) -> None:
    partner = install.client("AlphaTok", "production")
    publish(partner)
    assert partner.ids("/lessons") == ["reading-l1", "reading-l2"]


@pytest.mark.parametrize("collection", EVERYWHERE)
def test_a_testing_client_makes_no_orgs_or_sessions(install: Install, collection: str) -> None:
    assert install.client("AlphaTok").send("PUT", f"/{collection}/x", {}).status_code == 403


def test_a_testing_client_writes_its_own_roster(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    enroll(partner, "reading", "ada")
    assert partner.ids("/users") == ["ada"]
    assert partner.ids("/classes/reading-class/students") == ["ada"]


def test_promoting_ends_the_right_to_write_people(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    enroll(partner, "reading", "ada")
    promoted = install.promote(partner)
    body = {"givenName": "Ada", "familyName": "Young"}
    assert promoted.send("PUT", "/users/ada", body).status_code == 403
    assert promoted.send("PUT", "/courses/reading", {"title": "Still mine"}).status_code == 200


@pytest.mark.parametrize("path", ["/courses/reading", "/units/reading-u1", "/users/ada"])
def test_an_id_of_another_owner_is_not_available(install: Install, path: str) -> None:
    owner, other = install.client("AlphaTok"), install.client("Numbers")
    publish(owner)
    enroll(owner, "reading", "ada")
    publish(other, "math")
    body = {"title": "T", "course": "math", "givenName": "A", "familyName": "B"}
    response = other.send("PUT", path, body)
    assert response.status_code == 409
    assert response.json()["type"] == "urn:timeback:error:sourced_id_unavailable"
    assert owner.subject not in response.text


def test_a_foreign_record_is_patched_and_deleted_like_one_that_is_not_there(
    install: Install,
) -> None:
    owner, other = install.client("AlphaTok"), install.client("Numbers")
    publish(owner)
    for method in ("PATCH", "DELETE"):
        foreign = other.send(method, "/courses/reading", {"title": "Mine now"})
        absent = other.send(method, "/courses/nothing", {"title": "Mine now"})
        assert foreign.status_code == absent.status_code == 404
        assert foreign.json()["detail"].replace("reading", "nothing") == absent.json()["detail"]
    assert owner.get("/courses/reading").json()["course"]["title"] == "Reading"


def test_an_admin_client_writes_everything_and_owners_stay(install: Install) -> None:
    partner, alpha = install.client("AlphaTok"), install.client("Alpha", "admin")
    publish(partner)
    alpha.put("/orgs/north", {"name": "Northside", "metadata": {"timezone": "America/Chicago"}})
    alpha.put("/courses/reading", {"title": "Reading, mended"})
    assert partner.send("PUT", "/courses/reading", {"title": "Again"}).status_code == 200
    alpha.put("/terms/spring", {"title": "S", "startDate": "2026-01-05", "endDate": "2026-06-01"})
    assert alpha.get("/terms/spring").json()["academicSession"]["schoolYear"] == "2026"


def test_people_write_nothing(install: Install) -> None:
    admin = install.person(None, is_platform_admin=True)
    response = admin.send("PUT", "/courses/reading", {"title": "Reading"})
    assert response.status_code == 403


def test_a_token_without_the_scope_does_not_write(install: Install) -> None:
    reader = install.client("AlphaTok", "testing", "roster.readonly")
    response = reader.send("PUT", "/courses/reading", {"title": "Reading"})
    assert response.status_code == 403
    assert 'scope="roster.createput"' in response.headers["WWW-Authenticate"]
    assert reader.get("/courses").status_code == 200


def test_without_a_token_nothing_is_read_or_written(install: Install) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        response = install.http.request(method, "/rostering/1.0/courses/reading", content=b"{")
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")

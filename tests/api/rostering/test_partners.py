"""What a partner sees of the roster: its own, and who is enrolled with it, while they are."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.registry.install import Caller, Install, enroll, publish

LISTS = (
    "courses",
    "units",
    "lessons",
    "resources",
    "users",
    "students",
    "teachers",
    "orgs",
    "schools",
    "classes",
    "enrollments",
    "academicSessions",
    "terms",
    "courses/components",
)
TODAY = datetime.now(UTC).date()


@pytest.fixture
def alpha(install: Install) -> Caller:
    """Alpha's own backend, with two schools."""
    caller = install.client("Alpha", "admin")
    for school in ("north", "south"):
        metadata = {"timezone": "America/Chicago", "goals": {"dailyXp": 77}}
        caller.put(f"/schools/{school}", {"name": school.title(), "metadata": metadata})
    return caller


@pytest.fixture
def partner(install: Install) -> Caller:
    """A production partner with a course."""
    caller = install.client("AlphaTok", "production")
    publish(caller)
    return caller


def test_two_partners_see_nothing_of_each_other(
    install: Install, alpha: Caller, partner: Caller
) -> None:
    other = install.client("Numbers", "production")
    publish(other, "math")
    enroll(alpha, "reading", "ada", "north")
    before = {path: partner.get(f"/{path}").json() for path in LISTS}
    enroll(alpha, "math", "bob", "south")
    alpha.put("/enrollments/ada-math", {"user": "ada", "class": "math-class"})
    publish(other, "algebra")
    assert {path: partner.get(f"/{path}").json() for path in LISTS} == before
    assert other.ids("/users") == ["ada", "bob"]
    assert other.ids("/enrollments") == ["ada-math", "bob-math"]
    for path in (
        "courses/math",
        "lessons/math-l1",
        "users/bob",
        "classes/math-class",
        "enrollments/ada-math",
        "orgs/south",
        "users/bob/classes",
    ):
        foreign = partner.get(f"/{path}")
        absent = partner.get(f"/{path.replace('math', 'none').replace('bob', 'none')}")
        assert foreign.status_code == absent.status_code == 404


def test_two_sandboxes_see_nothing_of_each_other(install: Install) -> None:
    one, other = install.client("AlphaTok"), install.client("Numbers")
    publish(one)
    enroll(one, "reading", "ada")
    publish(other, "math")
    enroll(other, "math", "bob")
    assert one.ids("/users") == ["ada"]
    assert other.ids("/users") == ["bob"]
    assert one.ids("/schools/partner-sandbox/students") == ["ada"]
    assert one.ids("/orgs") == other.ids("/orgs") == ["partner-sandbox"]


def test_a_sandbox_is_invisible_to_a_partner_in_production(
    install: Install, partner: Caller
) -> None:
    testing = install.client("Numbers")
    publish(testing, "math")
    enroll(testing, "math", "bob")
    assert partner.ids("/users") == []
    assert partner.ids("/orgs") == []


def test_a_student_is_shared_without_what_a_partner_need_not_know(
    alpha: Caller, partner: Caller
) -> None:
    enroll(alpha, "reading", "ada", "north", metadata={"goals": {"dailyXp": 40}, "note": "private"})
    user = partner.get("/users/ada").json()["user"]
    assert (user["givenName"], user["email"], user["grades"]) == ("Ada", "ada@example.org", ["5"])
    assert not {"phone", "metadata"} & user.keys()
    assert partner.get("/orgs/north").json()["org"]["metadata"] == {"timezone": "America/Chicago"}
    enrollment = partner.get("/enrollments/ada-reading").json()["enrollment"]
    assert enrollment["metadata"] == {"goals": {"dailyXp": 40}}
    assert alpha.get("/users/ada").json()["user"]["phone"] == "555-0100"


def test_what_is_not_shown_cannot_be_asked_for(alpha: Caller, partner: Caller) -> None:
    enroll(alpha, "reading", "ada", "north")
    hidden = "/users?filter=metadata.goals.dailyXp%3E'0' OR phone~'555'"
    assert alpha.ids(hidden) == ["ada"]
    assert partner.ids(hidden) == []
    assert partner.get("/users?sort=phone&fields=phone").json()["users"] == [{}]


def end(alpha: Caller, **changed: str | None) -> None:
    response = alpha.send("PATCH", "/enrollments/ada-reading", changed)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "tobedeleted"},
        {"endDate": (TODAY - timedelta(days=2)).isoformat()},
        {"beginDate": (TODAY + timedelta(days=2)).isoformat()},
    ],
)
def test_a_name_is_shown_only_while_an_enrollment_is_in_force(
    alpha: Caller, partner: Caller, changed: dict[str, str]
) -> None:
    enroll(alpha, "reading", "ada", "north")
    assert partner.ids("/students") == ["ada"]
    end(alpha, **changed)
    assert partner.ids("/students") == []
    assert partner.get("/users/ada").status_code == 404
    assert partner.ids("/enrollments") == ["ada-reading"]


def test_an_enrollment_is_in_force_through_its_last_day(alpha: Caller, partner: Caller) -> None:
    enroll(alpha, "reading", "ada", "north")
    end(alpha, endDate=(TODAY + timedelta(days=1)).isoformat())
    assert partner.ids("/students") == ["ada"]


def test_a_deleted_class_shows_nobody(alpha: Caller, partner: Caller) -> None:
    enroll(alpha, "reading", "ada", "north")
    alpha.send("DELETE", "/classes/reading-class")
    assert partner.ids("/users") == []


def test_a_testing_client_always_sees_the_users_that_it_made(install: Install) -> None:
    testing = install.client("AlphaTok")
    testing.put("/users/ada", {"givenName": "Ada", "familyName": "Young", "phone": "555"})
    assert testing.get("/users/ada").json()["user"]["phone"] == "555"


def test_a_partners_people_see_what_its_backend_sees(
    install: Install, alpha: Caller, partner: Caller
) -> None:
    enroll(alpha, "reading", "ada", "north")
    colleague = install.person(None, client_id=partner.subject)
    assert colleague.ids("/users") == partner.ids("/users") == ["ada"]
    assert colleague.get("/users/ada").json() == partner.get("/users/ada").json()


def test_terms_are_seen_through_the_classes_that_name_them(alpha: Caller, partner: Caller) -> None:
    for term in ("spring", "fall"):
        body = {"title": term, "startDate": "2026-01-05", "endDate": "2026-06-01"}
        alpha.put(f"/terms/{term}", body)
    alpha.put("/classes/c", {"title": "C", "course": "reading", "terms": ["spring"]})
    assert partner.ids("/terms") == ["spring"]
    assert alpha.ids("/terms") == ["fall", "spring"]


def test_agent_links_of_real_students_are_not_a_partners(alpha: Caller, partner: Caller) -> None:
    enroll(alpha, "reading", "ada", "north")
    mum = {"givenName": "Mary", "familyName": "Young", "roles": [{"role": "parent"}]}
    alpha.put("/users/mum", mum)
    alpha.put("/students/ada/agents/mum")
    assert alpha.ids("/users/ada/agents") == ["ada:mum"]
    assert partner.ids("/users/ada/agents") == []

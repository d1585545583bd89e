"""Who sees which student: each relation, when it ends, and the border of a sandbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from core.access import Sight, Viewer, may_name, sight_of
from core.errors import ForbiddenError, NotFoundError
from core.identity import people
from core.registry import records

Connection = psycopg.Connection[Any]
TODAY = datetime.now(UTC).date()
PARTNER = Sight(client_id="reader")


def ref(sourced_id: str) -> dict[str, str]:
    return {"sourcedId": sourced_id}


def add_user(
    database: Connection, user_id: str, role: str, org: str = "maple", **more: Any
) -> None:
    owner = more.pop("owner", None)
    payload = {"primaryOrg": ref(org), "roles": [{"role": role, "org": ref(org)}], **more}
    records.put(
        database, "user", user_id, payload, owner_client_id=owner, is_sandbox=owner is not None
    )


def enroll(
    database: Connection, user_id: str, class_id: str, role: str = "student", **more: Any
) -> None:
    payload = {"user": ref(user_id), "class": ref(class_id), "role": role, **more}
    records.put(database, "enrollment", f"{user_id}-{class_id}", payload)


@pytest.fixture
def school(database: Connection) -> Connection:
    """A district of two schools; Ana and Ben at Maple, Cai at Cedar; a class of the reader app."""
    records.put(database, "org", "district", {"type": "district"})
    for name in ("maple", "cedar"):
        about = {"type": "school", "parent": ref("district")}
        records.put(database, "org", name, about | {"metadata": {"timezone": "America/Chicago"}})
    for student, org in (("ana", "maple"), ("ben", "maple"), ("cai", "cedar")):
        add_user(database, student, "student", org)
    records.put(database, "course", "course", {}, owner_client_id="reader")
    records.put(database, "class", "class", {"course": ref("course"), "school": ref("maple")})
    enroll(database, "ana", "class")
    return database


def seen_by(database: Connection, user_id: str, *roles: str) -> set[str]:
    viewer = Viewer(
        kind="person", subject=user_id, scopes=frozenset(), user_id=user_id, roles=frozenset(roles)
    )
    sight = sight_of(database, viewer)
    assert sight.student_ids is not None
    return set(sight.student_ids)


def test_a_student_sees_themself(school: Connection) -> None:
    assert seen_by(school, "ana", "student") == {"ana"}


def test_a_guide_sees_the_students_of_their_classes(school: Connection) -> None:
    add_user(school, "gil", "teacher")
    enroll(school, "gil", "class", "teacher")
    assert seen_by(school, "gil", "guide") == {"ana"}


@pytest.mark.parametrize(
    ("who", "dates", "is_seen"),
    [
        ("ana", {"endDate": str(TODAY + timedelta(days=2))}, True),
        ("ana", {"endDate": str(TODAY - timedelta(days=2))}, False),
        ("ana", {"beginDate": str(TODAY + timedelta(days=2))}, False),
        ("ana", {"beginDate": f"{TODAY - timedelta(days=2)}T00:00:00Z"}, True),
        ("gil", {"endDate": str(TODAY - timedelta(days=2))}, False),
        ("gil", {"status": "tobedeleted"}, False),
        ("ana", {"status": "tobedeleted"}, False),
    ],
)
def test_a_guide_sees_only_while_both_enrollments_are_in_force(
    school: Connection, who: str, dates: dict[str, str], is_seen: bool
) -> None:
    add_user(school, "gil", "teacher")
    enroll(school, "gil", "class", "teacher")
    enroll(school, who, "class", "teacher" if who == "gil" else "student", **dates)
    assert (seen_by(school, "gil", "guide") == {"ana"}) is is_seen


def test_a_guide_of_a_deleted_class_sees_nobody(school: Connection) -> None:
    add_user(school, "gil", "teacher")
    enroll(school, "gil", "class", "teacher")
    records.put(school, "class", "class", {"course": ref("course"), "status": "tobedeleted"})
    assert seen_by(school, "gil", "guide") == set()


def test_a_guide_assigned_to_a_school_sees_its_students(school: Connection) -> None:
    add_user(school, "gil", "teacher", metadata={"guideOf": ["maple"]})
    assert seen_by(school, "gil", "guide") == {"ana", "ben"}
    add_user(school, "pat", "parent", metadata={"guideOf": ["maple"]})
    assert seen_by(school, "pat", "parent") == set()


@pytest.mark.parametrize(
    ("org", "expected"),
    [("maple", {"ana", "ben"}), ("cedar", {"cai"}), ("district", {"ana", "ben", "cai"})],
)
def test_an_admin_sees_their_org_and_those_below(
    school: Connection, org: str, expected: set[str]
) -> None:
    add_user(school, "ada", "districtAdministrator", org)
    assert seen_by(school, "ada", "admin") == expected


@pytest.mark.parametrize(
    ("dates", "is_held"),
    [
        ({"beginDate": str(TODAY), "endDate": str(TODAY)}, True),
        ({"endDate": str(TODAY - timedelta(days=2))}, False),
        ({"beginDate": str(TODAY + timedelta(days=2))}, False),
    ],
)
def test_a_role_is_held_from_its_first_to_its_last_day(
    school: Connection, dates: dict[str, str], is_held: bool
) -> None:
    roles = [{"role": "siteAdministrator", "org": ref("maple"), **dates}]
    add_user(school, "ada", "siteAdministrator", roles=roles)
    person = people.create_person(school, "ada@maple.example", "a long password", user_id="ada")
    assert person.roles == ({"admin"} if is_held else set())
    assert seen_by(school, "ada", "admin") == ({"ana", "ben"} if is_held else set())


def link(database: Connection, student: str, agent: str, **more: Any) -> None:
    owner = more.pop("owner", None)
    payload = {"student": ref(student), "agent": ref(agent), **more}
    records.put(database, "agent", f"{student}:{agent}", payload, owner_client_id=owner)


@pytest.mark.parametrize(
    ("role", "of_link", "is_seen"),
    [
        ("parent", {}, True),
        ("guardian", {"role": "guardian"}, True),
        ("relative", {}, False),
        ("parent", {"role": "relative"}, False),
        ("parent", {"status": "tobedeleted"}, False),
        ("parent", {"owner": "reader"}, False),  # a partner cannot give sight of a real student
    ],
)
def test_a_linked_agent_sees_a_child_as_parent_or_guardian_while_alpha_says_so(
    school: Connection, role: str, of_link: dict[str, str], is_seen: bool
) -> None:
    add_user(school, "pat", role)
    link(school, "ana", "pat", **of_link)
    assert (seen_by(school, "pat", "parent") == {"ana"}) is is_seen


def test_sight_never_crosses_the_border_of_a_sandbox(school: Connection) -> None:
    add_user(school, "fake", "districtAdministrator", "district", owner="trial")
    add_user(school, "sam", "student", "maple", owner="trial")
    add_user(school, "sue", "student", "maple", owner="other")
    add_user(school, "ada", "siteAdministrator", "maple")
    assert seen_by(school, "fake", "admin") == {"sam"}
    assert seen_by(school, "ada", "admin") == {"ana", "ben"}


def test_who_left_is_seen_no_more_and_sees_nobody(school: Connection) -> None:
    add_user(school, "ada", "siteAdministrator", "maple")
    add_user(school, "ben", "student", status="tobedeleted")
    assert seen_by(school, "ada", "admin") == {"ana"}
    add_user(school, "ada", "siteAdministrator", "maple", status="tobedeleted")
    assert seen_by(school, "ada", "admin") == set()


def test_an_analyst_reads_no_student(school: Connection) -> None:
    viewer = Viewer(kind="person", subject="x", scopes=frozenset(), roles=frozenset({"analyst"}))
    with pytest.raises(ForbiddenError):
        sight_of(school, viewer)


def test_a_partner_knows_whoever_was_ever_enrolled_and_names_whoever_is(
    school: Connection,
) -> None:
    assert may_name(school, PARTNER, "ana")
    enroll(school, "ana", "class", endDate="2020-01-01")
    assert not may_name(school, PARTNER, "ana")
    enroll(school, "ana", "class", status="tobedeleted")
    assert not may_name(school, PARTNER, "ana")


def test_a_partner_does_not_name_a_student_who_left(school: Connection) -> None:
    add_user(school, "ana", "student", status="tobedeleted")
    assert not may_name(school, PARTNER, "ana")


@pytest.mark.parametrize("student", ["ben", "cai", "nobody", "nul\0", ""])
def test_a_partner_does_not_know_anyone_else(school: Connection, student: str) -> None:
    with pytest.raises(NotFoundError):
        may_name(school, PARTNER, student)


def test_a_teacher_s_enrollment_makes_no_student(school: Connection) -> None:
    add_user(school, "gil", "teacher")
    enroll(school, "gil", "class", "teacher")
    with pytest.raises(NotFoundError):
        may_name(school, PARTNER, "gil")


def test_a_trial_user_is_its_makers_alone(school: Connection) -> None:
    add_user(school, "sam", "student", owner="trial")
    enroll(school, "sam", "class")
    assert may_name(school, Sight(client_id="trial"), "sam")
    with pytest.raises(NotFoundError):
        may_name(school, PARTNER, "sam")

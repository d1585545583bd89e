"""What people see of the roster: by role, and every read of a student is noted."""

import pytest

from tests.core.registry.install import Caller, Install, enroll, publish


@pytest.fixture
def alpha(install: Install) -> Caller:
    """A school of two classes: Tess teaches Ada reading; Bob learns math with nobody."""
    caller = install.client("Alpha", "admin")
    partner = install.client("AlphaTok", "production")
    publish(partner)
    publish(partner, "math")
    caller.put("/orgs/district", {"name": "District", "type": "district"})
    for school in ("north", "south"):
        caller.put(f"/schools/{school}", {"name": school, "parent": "district"})
    enroll(caller, "reading", "ada", "north")
    enroll(caller, "math", "bob", "south")
    for name, role, org in (
        ("tess", "teacher", "north"),
        ("mum", "parent", "north"),
        ("boss", "siteAdministrator", "north"),
        ("chief", "districtAdministrator", "district"),
    ):
        body = {"givenName": name, "familyName": "Old", "primaryOrg": org}
        caller.put(f"/users/{name}", {**body, "roles": [{"role": role}]})
    teaching = {"user": "tess", "class": "reading-class", "role": "teacher"}
    caller.put("/enrollments/tess-reading", teaching)
    caller.put("/students/ada/agents/mum")
    return caller


@pytest.mark.usefixtures("alpha")
@pytest.mark.parametrize(
    ("who", "users", "courses"),
    [
        ("ada", ["ada"], ["reading"]),
        ("mum", ["ada", "mum"], ["reading"]),
        ("tess", ["ada", "tess"], ["reading"]),
        ("boss", ["ada", "boss", "mum", "tess"], ["reading"]),
        ("chief", ["ada", "bob", "boss", "chief", "mum", "tess"], ["math", "reading"]),
    ],
)
def test_each_role_sees_its_own(
    install: Install, who: str, users: list[str], courses: list[str]
) -> None:
    person = install.person(who)
    assert person.ids("/users") == users
    assert person.ids("/courses") == courses
    hidden = {"ada", "bob"} - set(users)
    assert all(person.get(f"/users/{user}").status_code == 404 for user in hidden)
    assert person.ids("/resources") == []


def test_a_parents_sight_ends_with_the_link(install: Install, alpha: Caller) -> None:
    mum = install.person("mum")
    assert mum.ids("/students") == ["ada"]
    alpha.send("DELETE", "/students/ada/agents/mum")
    assert mum.ids("/students") == []


def test_a_platform_admin_sees_everything(install: Install, alpha: Caller) -> None:
    assert install.person(None, is_platform_admin=True).ids("/users") == alpha.ids("/users")


@pytest.mark.usefixtures("alpha")
def test_an_analyst_reads_no_roster(install: Install) -> None:
    assert install.person(None, is_analyst=True).get("/users").status_code == 403


def test_each_read_of_a_student_by_a_person_is_noted(install: Install, alpha: Caller) -> None:
    tess = install.person("tess")
    tess.get("/users/ada")
    tess.get("/classes/reading-class/students")
    tess.get("/courses")
    alpha.get("/users/ada")
    with install.context.database.connection() as connection:
        rows = connection.execute(
            "select actor_id, action, student_id from identity.audit_log"
            " where actor_kind = 'person' order by audit_id"
        ).fetchall()
    assert rows == [(tess.subject, "roster.users", "ada")] * 2

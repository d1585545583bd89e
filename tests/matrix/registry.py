"""The registry of the matrix: everyone who reads, everyone who is read about, and every relation.

Each relation also stands here as it is after its end: a link, an enrollment, a class, a login.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from core.identity.clients import create_client
from core.identity.people import create_person
from core.registry import records
from tests.api.people import PASSWORD, ref

YESTERDAY = (datetime.now(UTC).date() - timedelta(days=2)).isoformat()  # over in every zone
COURSES = {"reading": "course-r", "maths": "course-m", "trial": "course-t"}
STUDENTS = {
    "stu-ana": "maple",
    "stu-ben": "maple",
    "stu-cai": "cedar",
    "stu-dan": "maple",
    "stu-eve": "maple",
    "stu-zoe": "maple",
    "stu-sam": "partner-sandbox",
}
GONE = {"status": "tobedeleted"}

# enrollment: user, class, role, more
ENROLLMENTS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "enr-ana-r": ("stu-ana", "class-r", "student", {}),
    "enr-ana-m": ("stu-ana", "class-m", "student", {}),
    "enr-ana-x": ("stu-ana", "class-x", "student", {}),  # a class that is no more
    "enr-ben-r": ("stu-ben", "class-r", "student", {"endDate": YESTERDAY}),
    "enr-eve-r": ("stu-eve", "class-r", "student", GONE),
    "enr-dan-r": ("stu-dan", "class-r", "student", {}),  # a user who is no more
    "enr-cai-m": ("stu-cai", "class-m", "student", {}),
    "enr-sam-t": ("stu-sam", "class-t", "student", {}),
    "enr-gil-r": ("gil", "class-r", "teacher", {}),
    "enr-greg-r": ("greg", "class-r", "teacher", {"endDate": YESTERDAY}),
    "enr-gwen-x": ("gwen", "class-x", "teacher", {}),
    "enr-glen-r": ("glen", "class-r", "teacher", GONE),
    "enr-gone-r": ("gone", "class-r", "teacher", {}),
}
# class: course, school, more
CLASSES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "class-r": ("course-r", "maple", {"terms": [ref("term-1")]}),
    "class-m": ("course-m", "maple", {}),
    "class-x": ("course-r", "maple", GONE),
    "class-t": ("course-t", "partner-sandbox", {}),
}
# person: OneRoster role, org, more of the user
PEOPLE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "pat": ("parent", "maple", {}),
    "pia": ("parent", "maple", {}),  # her link ended
    "poe": ("parent", "maple", {}),  # his link was written by a partner
    "una": ("parent", "maple", {}),  # linked to nobody
    "gil": ("teacher", "maple", {}),
    "greg": ("teacher", "maple", {}),  # his enrollment ended by its date
    "glen": ("teacher", "maple", {}),  # his enrollment was deleted
    "gwen": ("teacher", "maple", {}),  # her class was deleted
    "gone": ("teacher", "maple", GONE),  # left, and can still sign in
    "gus": ("teacher", "maple", {"metadata": {"guideOf": ["maple"]}}),
    "ada": ("siteAdministrator", "maple", {}),
    "dora": ("districtAdministrator", "district", {}),
}
# link: student, agent, more, whether a partner wrote it
LINKS: dict[str, tuple[str, str, dict[str, Any], bool]] = {
    "stu-ana:pat": ("stu-ana", "pat", {}, False),
    "stu-ana:pia": ("stu-ana", "pia", GONE, False),
    "stu-ana:poe": ("stu-ana", "poe", {}, True),
}
LOGINS: dict[str, dict[str, Any]] = {
    "student": {"user_id": "stu-ana"},
    "parent": {"user_id": "pat"},
    "parent_link_ended": {"user_id": "pia"},
    "parent_link_of_partner": {"user_id": "poe"},
    "parent_of_nobody": {"user_id": "una"},
    "guide": {"user_id": "gil"},
    "guide_enrollment_over": {"user_id": "greg"},
    "guide_enrollment_deleted": {"user_id": "glen"},
    "guide_class_deleted": {"user_id": "gwen"},
    "guide_who_left": {"user_id": "gone"},
    "guide_of_school": {"user_id": "gus"},
    "school_admin": {"user_id": "ada"},
    "district_admin": {"user_id": "dora"},
    "platform_admin": {"is_platform_admin": True},
    "analyst": {"is_analyst": True},
    "disabled": {"user_id": "pat"},
}


@dataclass(frozen=True)
class Clients:
    """client_ids by role."""

    reading: str
    maths: str
    trial: str
    alpha: str

    def of(self, app: str) -> str:
        """The client of an app."""
        return str(getattr(self, app))


def name_of(user_id: str) -> str:
    """A given name that occurs nowhere else."""
    return f"Name{user_id.replace('-', '').title()}"


def fill(connection: psycopg.Connection[Any]) -> Clients:
    """Write the whole registry and the logins."""
    modes = {"reading": "production", "maths": "production", "trial": "testing", "alpha": "admin"}
    made = {
        name: create_client(connection, name, mode=mode).client.client_id  # type: ignore[arg-type]
        for name, mode in modes.items()
    }
    clients = Clients(**made)

    def put(kind: str, sourced_id: str, payload: dict[str, Any], **more: Any) -> None:
        records.put(connection, kind, sourced_id, payload, **more)

    def put_user(user_id: str, role: str, school: str, more: dict[str, Any]) -> None:
        about = {
            "givenName": name_of(user_id),
            "familyName": "Test",
            "phone": f"555-{user_id}",
            "email": f"{user_id}@school.example",
            "grades": ["5"],
            "primaryOrg": ref(school),
            "roles": [{"role": role, "roleType": "primary", "org": ref(school)}],
        }
        put("user", user_id, about | more, **_made_by(clients, school))

    put("org", "district", {"name": "district", "type": "district"})
    for school in ("maple", "cedar"):
        about = {"name": school, "type": "school", "parent": ref("district")}
        put("org", school, about | {"metadata": {"timezone": "America/Chicago"}})
    put("academicSession", "term-1", {"title": "Spring", "type": "term"})
    for user_id, school in STUDENTS.items():
        put_user(user_id, "student", school, GONE if user_id == "stu-dan" else {})
    for user_id, (role, org, more) in PEOPLE.items():
        put_user(user_id, role, org, more)
    for app, course in COURSES.items():
        mark, owner = course[-1], clients.of(app)
        put("course", course, {"title": course, "org": ref("maple")}, owner_client_id=owner)
        part: dict[str, Any] = {"title": course, "course": ref(course), "sortOrder": 1}
        put("unit", f"unit-{mark}", part, owner_client_id=owner)
        part |= {"unit": ref(f"unit-{mark}")}
        put("lesson", f"lesson-{mark}", part, owner_client_id=owner)
        put("resource", f"resource-{mark}", {"title": course}, owner_client_id=owner)
    for class_id, (course, school, more) in CLASSES.items():
        about = {"title": class_id, "course": ref(course), "school": ref(school)}
        put("class", class_id, about | more, **_made_by(clients, school))
    for sourced_id, (user_id, class_id, role, more) in ENROLLMENTS.items():
        enrolled: dict[str, Any] = {"user": ref(user_id), "class": ref(class_id), "role": role}
        enrolled |= {"beginDate": "2026-01-01", "metadata": {"goals": {"dailyXp": 30}}}
        put("enrollment", sourced_id, enrolled | more, **_made_by(clients, CLASSES[class_id][1]))
    for sourced_id, (student_id, agent_id, more, is_partners) in LINKS.items():
        link: dict[str, Any] = {"student": ref(student_id), "agent": ref(agent_id)}
        owner_of = {"owner_client_id": clients.reading} if is_partners else {}
        put("agent", sourced_id, link | {"role": "parent"} | more, **owner_of)
    for login, standing in LOGINS.items():
        create_person(connection, f"{login}@login.example", PASSWORD, **standing)
    dev = "partner_user@login.example"
    create_person(connection, dev, PASSWORD, client_id=clients.reading)
    return clients


def _made_by(clients: Clients, school: str) -> dict[str, Any]:
    if school != "partner-sandbox":
        return {}
    return {"owner_client_id": clients.trial, "is_sandbox": True}

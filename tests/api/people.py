"""The small school's registry: two schools, two partners, a sandbox, and everyone who reads."""

from dataclasses import dataclass
from typing import Any

import psycopg

from core.identity.clients import create_client
from core.identity.people import create_person
from core.registry import records

PASSWORD = "a long enough password"
OPEN = {"beginDate": "2026-01-01"}
SIGN_INS = {
    "ana": "ana",
    "parent": "pat",
    "guide": "gil",
    "admin": "ada",
    "stranger": "una",
}


@dataclass(frozen=True)
class Partners:
    """Client ids: two partners in production, one testing, one admin client."""

    reading: str
    maths: str
    sandbox: str
    alpha: str


def ref(sourced_id: str) -> dict[str, str]:
    return {"sourcedId": sourced_id}


def user(user_id: str, role: str, school: str, **more: Any) -> dict[str, Any]:
    return {
        "givenName": user_id.title(),
        "familyName": "Test",
        "email": f"{user_id}@maple.example",
        "grades": ["5"],
        "primaryOrg": ref(school),
        "roles": [{"role": role, "roleType": "primary", "org": ref(school)}],
        **more,
    }


def enrollment(user_id: str, class_id: str, role: str = "student", **more: Any) -> dict[str, Any]:
    return {"user": ref(user_id), "class": ref(class_id), "role": role, **OPEN, **more}


def enroll_everyone(connection: psycopg.Connection[Any]) -> Partners:
    """Write the registry and the sign-ins; returns the partners' client ids."""
    made = [
        create_client(connection, "Reading Co", mode="production"),
        create_client(connection, "Maths Co", mode="production"),
        create_client(connection, "Tryout Co", mode="testing"),
        create_client(connection, "Alpha", mode="admin"),
    ]
    partners = Partners(*(new.client.client_id for new in made))

    def put(record_type: str, sourced_id: str, payload: dict[str, Any], **more: Any) -> None:
        records.put(connection, record_type, sourced_id, payload, **more)

    for school, zone in (("maple", "America/Chicago"), ("cedar", "America/Los_Angeles")):
        about = {"name": school, "type": "school", "parent": ref("district")}
        put("org", school, {**about, "metadata": {"timezone": zone}})
    put("org", "district", {"name": "District", "type": "district"})
    for student, school in (("ana", "maple"), ("ben", "maple"), ("cai", "cedar"), ("zoe", "maple")):
        put("user", student, user(student, "student", school))
    put("user", "pat", user("pat", "parent", "maple"))
    put("user", "gil", user("gil", "teacher", "maple"))
    put("user", "ada", user("ada", "siteAdministrator", "maple"))
    put("user", "una", user("una", "parent", "maple"))
    trial = {"owner_client_id": partners.sandbox, "is_sandbox": True}
    put("user", "sam", user("sam", "student", "partner-sandbox"), **trial)
    put("agent", "ana:pat", {"student": ref("ana"), "agent": ref("pat"), "role": "parent"})
    for course, client in (("reading-5", partners.reading), ("maths-5", partners.maths)):
        put("course", course, {"title": course, "org": ref("maple")}, owner_client_id=client)
    put("class", "class-r", {"course": ref("reading-5"), "school": ref("maple")})
    put("class", "class-m", {"course": ref("maths-5"), "school": ref("maple")})
    put("enrollment", "ana-r", enrollment("ana", "class-r", metadata={"goals": {"dailyXp": 30}}))
    put("enrollment", "ana-m", enrollment("ana", "class-m"))
    put("enrollment", "ben-r", enrollment("ben", "class-r", endDate="2026-02-01"))
    put("enrollment", "cai-m", enrollment("cai", "class-m"))
    put("enrollment", "gil-r", enrollment("gil", "class-r", "teacher"))
    for name, user_id in SIGN_INS.items():
        create_person(connection, f"{name}@maple.example", PASSWORD, user_id=user_id)
    create_person(connection, "root@alpha.example", PASSWORD, is_platform_admin=True)
    create_person(connection, "analyst@alpha.example", PASSWORD, is_analyst=True)
    create_person(connection, "dev@reading.example", PASSWORD, client_id=partners.reading)
    return partners

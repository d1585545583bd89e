"""Who is in the two small schools: pupils, a guide, a parent, admins, two partners."""

from dataclasses import dataclass
from typing import Any

import psycopg

from core.identity.people import create_person
from core.registry import records

PASSWORD = "a long enough password"
LESSONS = 6
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class School:
    """A school and its time zone."""

    name: str
    timezone: str


@dataclass(frozen=True)
class Course:
    """A partner's course, with one class in it."""

    course_id: str
    title: str
    subject: str
    client_id: str
    app_name: str


@dataclass(frozen=True)
class Pupil:
    """A student; `pace` decides how their days go."""

    student_id: str
    given_name: str
    family_name: str
    school_id: str
    pace: str


SCHOOLS = {
    "north": School("North School", "America/Chicago"),
    "west": School("West School", "America/Los_Angeles"),
}
COURSES = (
    Course("math-5", "Math Grade 5", "Math", "tb-math", "Number Garden"),
    Course("reading-5", "Reading Grade 5", "Reading", "tb-reading", "Story Harbor"),
)
PUPILS = (
    Pupil("ada", "Ada", "Alvarez", "north", "strong"),
    Pupil("ben", "Ben", "Brooks", "north", "slow"),
    Pupil("cleo", "Cleo", "Castle", "north", "absent"),
    Pupil("dev", "Dev", "Dara", "north", "steady"),
    Pupil("eli", "Eli", "Ellis", "west", "steady"),
)
CHILDREN = ("ada", "ben")
EMAILS = {"eli": "DEV@school.test"}  # the marts', where it is not the student's own


def _put(
    connection: psycopg.Connection[Any], kind: str, sourced_id: str, payload: dict[str, Any]
) -> None:
    body = {"sourcedId": sourced_id, "status": "active", **payload}
    records.put(connection, kind, sourced_id, body)


def _user(
    connection: psycopg.Connection[Any], user_id: str, name: tuple[str, str], role: str, org: str
) -> None:
    roles = [{"role": role, "roleType": "primary", "org": {"sourcedId": org}}]
    payload = {
        "givenName": name[0],
        "familyName": name[1],
        "email": f"{user_id}@school.test",
        "roles": roles,
        "primaryOrg": {"sourcedId": org},
    }
    _put(connection, "user", user_id, payload)


def enroll_everyone(connection: psycopg.Connection[Any]) -> None:
    """Write schools, users, classes, enrollments, links and logins."""
    for org_id, school in SCHOOLS.items():
        metadata = {"timezone": school.timezone}
        _put(
            connection,
            "org",
            org_id,
            {"name": school.name, "type": "school", "metadata": metadata},
        )
    for pupil in PUPILS:
        name = (pupil.given_name, pupil.family_name)
        _user(connection, pupil.student_id, name, "student", pupil.school_id)
    _user(connection, "gwen", ("Gwen", "Guide"), "teacher", "north")
    _user(connection, "pat", ("Pat", "Parent"), "parent", "north")
    _user(connection, "amy", ("Amy", "Admin"), "administrator", "north")
    for row in enrollments():
        names = {"user": row["student_id"], "class": row["class_id"]}
        refs = {key: {"sourcedId": ref} for key, ref in names.items()}
        _put(connection, "enrollment", row["enrollment_id"], {**refs, "role": row["role"]})
    for row in classes():
        refs = {"course": {"sourcedId": row["course_id"]}, "school": {"sourcedId": "north"}}
        _put(connection, "class", row["class_id"], {"title": row["class_title"], **refs})
    for child in CHILDREN:
        link = {"student": {"sourcedId": child}, "agent": {"sourcedId": "pat"}, "role": "parent"}
        _put(connection, "agent", f"{child}:pat", link)
    _give_logins(connection)


def _give_logins(connection: psycopg.Connection[Any]) -> None:
    for course in COURSES:
        connection.execute(
            "insert into identity.clients (client_id, name, mode, scopes)"
            " values (%s, %s, 'production', '{}')",
            [course.client_id, course.app_name],
        )
    for user_id in ("ada", "gwen", "pat", "amy"):
        create_person(connection, f"{user_id}@school.test", PASSWORD, user_id=user_id)
    create_person(connection, "root@alpha.test", PASSWORD, is_platform_admin=True)
    create_person(connection, "ana@alpha.test", PASSWORD, is_analyst=True)
    create_person(connection, "new@alpha.test", PASSWORD)
    create_person(connection, "mia@math.test", PASSWORD, client_id="tb-math")


def classes() -> Rows:
    """A class for each course."""
    return [
        {
            "class_id": f"class-{course.course_id}",
            "class_title": f"{course.title} morning",
            "course_id": course.course_id,
            "school_id": "north",
            "is_active": True,
            "is_sandbox": False,
        }
        for course in COURSES
    ]


def enrollments() -> Rows:
    """Every pupil in every class; Gwen teaches the first class, north's pupils are in it."""
    rows = []
    for course in COURSES:
        members = [(p.student_id, "student") for p in PUPILS if p.school_id == "north"]
        if course is COURSES[0]:
            members.append(("gwen", "teacher"))
        rows += [
            {
                "enrollment_id": f"{user}-{course.course_id}",
                "student_id": user,
                "class_id": f"class-{course.course_id}",
                "course_id": course.course_id,
                "client_id": course.client_id,
                "school_id": "north",
                "role": role,
                "is_primary": True,
                "is_active": True,
            }
            for user, role in members
        ]
    return rows


def dimensions() -> dict[str, Rows]:
    """The catalog marts."""
    lessons = [
        {
            "lesson_id": f"{course.course_id}-l{number}",
            "lesson_title": f"{course.subject} lesson {number}",
            "lesson_position": number,
            "unit_id": f"{course.course_id}-u",
            "unit_title": "Unit one",
            "course_id": course.course_id,
            "client_id": course.client_id,
            "subject": course.subject,
            "is_active": True,
        }
        for course in COURSES
        for number in range(1, LESSONS + 1)
    ]
    return {
        "dim_schools": [
            {
                "school_id": org_id,
                "school_name": school.name,
                "org_type": "school",
                "timezone": school.timezone,
                "is_active": True,
                "is_sandbox": False,
            }
            for org_id, school in SCHOOLS.items()
        ],
        "dim_students": [
            {
                "student_id": p.student_id,
                "given_name": p.given_name,
                "family_name": p.family_name,
                "grade": "05",
                "school_id": p.school_id,
                "email": EMAILS.get(p.student_id, f"{p.student_id}@school.test"),
                "timezone": SCHOOLS[p.school_id].timezone,
                "is_timezone_fallback": False,
                "is_sandbox": False,
                "is_active": True,
            }
            for p in PUPILS
        ],
        "dim_courses": [
            {
                "course_id": c.course_id,
                "course_title": c.title,
                "subject": c.subject,
                "client_id": c.client_id,
                "is_active": True,
                "is_sandbox": False,
            }
            for c in COURSES
        ],
        "dim_lessons": lessons,
        "dim_classes": classes(),
        "dim_enrollments": enrollments(),
        "dim_apps": [
            {"app_id": c.client_id, "client_id": c.client_id, "app_name": c.app_name}
            for c in COURSES
        ],
    }

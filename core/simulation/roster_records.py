"""The roster as OneRoster 1.2 bodies, in the order in which they must be written."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from core.simulation.catalog import App, Course
from core.simulation.puts import ROSTER, Put, put, ref
from core.simulation.roster import Person, Roster, School, Student

SCHOOL_GOAL_XP = 85
ONEROSTER_ROLES = {
    "guide": "teacher",
    "student": "student",
    "parent": "parent",
    "admin": "administrator",
}


def people_puts(roster: Roster, first_on: date) -> Iterator[Put]:
    """Orgs, the term and every person."""
    district = {"name": "Alpha Schools", "type": "district"}
    yield put("orgs", "org", roster.district_id, district)
    for school in roster.schools:
        yield put("orgs", "org", school.school_id, _school(school, roster.district_id, first_on))
    term = {
        "title": f"Term of {first_on:%B %Y}",
        "type": "term",
        "startDate": (first_on - timedelta(days=30)).isoformat(),
        "endDate": (first_on + timedelta(days=335)).isoformat(),
        "schoolYear": str(first_on.year),
    }
    yield put("academicSessions", "academicSession", term_id(roster), term)
    for person in [roster.admin, *roster.guides]:
        yield put("users", "user", person.user_id, _user(person))
    parents = {student.parent.user_id: student.parent for student in roster.students}
    for parent in parents.values():
        yield put("users", "user", parent.user_id, _user(parent))
    for student in roster.students:
        body = _user(student.person) | {"grades": [f"{student.grade:02d}"]}
        if student.archetype == "eager":
            body["metadata"] = {"goals": {"dailyXp": SCHOOL_GOAL_XP + 15}}
        yield put("users", "user", student.person.user_id, body)


def class_puts(roster: Roster, apps: tuple[App, ...]) -> Iterator[Put]:
    """A class for every school and course."""
    for school in roster.schools:
        for course in (course for app in apps for course in app.courses):
            body = {
                "title": f"{course.title} ({school.name})",
                "classType": "scheduled",
                "course": ref(course.course_id),
                "school": ref(school.school_id),
                "terms": [ref(term_id(roster))],
                "grades": [f"{grade:02d}" for grade in range(course.band[0], course.band[1] + 1)],
            }
            yield put("classes", "class", class_id(school, course), body)


def membership_puts(roster: Roster, apps: tuple[App, ...], first_on: date) -> Iterator[Put]:
    """Enrollments of students and guides, and the links of parents to their children."""
    courses = [course for app in apps for course in app.courses]
    begin = first_on.isoformat()
    for student in roster.students:
        for course in courses:
            if takes(student, course) and not is_enrollment_forgotten(student, course):
                yield _enrollment(student.person, student.school, course, "student", begin)
        link = f"{ROSTER}/students/{student.person.user_id}/agents/{student.parent.user_id}"
        yield Put(link, {"role": "parent", "status": "active"})
    for number, guide in enumerate(roster.guides):
        school = next(school for school in roster.schools if school.school_id == guide.org_id)
        for course in courses:
            if _teaches(number % 3, course):
                yield _enrollment(guide, school, course, "teacher", begin)


def takes(student: Student, course: Course) -> bool:
    """Whether the student's grade is in the course's band."""
    return course.band[0] <= student.grade <= course.band[1]


def is_enrollment_forgotten(student: Student, course: Course) -> bool:
    """One student in thirty works in a course before anybody enrolled them (pending XP)."""
    return course.subject == "Science" and int(student.person.user_id[-4:]) % 30 == 9


def class_id(school: School, course: Course) -> str:
    """The class in which the school's students take the course."""
    return f"class-{school.key}-{course.course_id}"


def term_id(roster: Roster) -> str:
    """The term that all classes name."""
    return f"term-{roster.district_id}"


def _teaches(place: int, course: Course) -> bool:
    """The first guide has the younger, the second the older, the third science and typing."""
    if course.subject in {"Science", "Typing"}:
        return place == 2
    return place == (0 if course.band[1] <= 5 else 1)


def _enrollment(person: Person, school: School, course: Course, role: str, begin: str) -> Put:
    class_ = class_id(school, course)
    body = {
        "user": ref(person.user_id),
        "class": ref(class_),
        "school": ref(school.school_id),
        "role": role,
        "primary": role == "student",
        "beginDate": begin,
    }
    return put("enrollments", "enrollment", f"{class_}-{person.user_id}", body)


def _school(school: School, district_id: str, first_on: date) -> dict[str, Any]:
    years = (first_on.year, first_on.year + 1)
    return {
        "name": school.name,
        "type": "school",
        "parent": ref(district_id),
        "metadata": {
            "timezone": school.zone.key,
            "goals": {"dailyXp": SCHOOL_GOAL_XP},
            "calendar": {
                "schoolDays": [1, 2, 3, 4, 5],
                "holidays": [
                    date(year, month, day).isoformat()
                    for year in years
                    for month, day in sorted(school.holidays)
                ],
            },
        },
    }


def _user(person: Person) -> dict[str, Any]:
    role = {
        "roleType": "primary",
        "role": ONEROSTER_ROLES[person.role],
        "org": ref(person.org_id),
    }
    return {
        "enabledUser": True,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "email": person.email,
        "username": person.email,
        "roles": [role],
        "primaryOrg": ref(person.org_id),
    }

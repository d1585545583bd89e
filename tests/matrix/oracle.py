"""Who may see what, said again in plain Python sets, apart from the policy and its SQL.

Nothing here is read from the code under test: only the tables of the matrix's own registry.
"""

from dataclasses import dataclass

from tests.matrix.marts import GHOST, PAIRS
from tests.matrix.registry import CLASSES, COURSES, ENROLLMENTS, LINKS, PEOPLE, STUDENTS

PARTNERS = {"reading": "reading", "maths": "maths", "trial": "trial", "partner_user": "reading"}
SEE_ALL = {"alpha", "platform_admin"}
REFUSED = {"nobody": 401, "disabled": 401, "no_scope": 403}
MAPLE = {"stu-ana", "stu-ben", "stu-eve", "stu-zoe"}  # but not stu-dan, who left

# The students that each person may read, and whose they are.
STUDENTS_OF = {
    "student": {"stu-ana"},
    "parent": {"stu-ana"},
    "parent_link_ended": set(),
    "parent_link_of_partner": set(),
    "parent_of_nobody": set(),
    "guide": {"stu-ana"},
    "guide_enrollment_over": set(),
    "guide_enrollment_deleted": set(),
    "guide_class_deleted": set(),
    "guide_of_school": MAPLE,
    "school_admin": MAPLE,
    "district_admin": MAPLE | {"stu-cai"},
}
USER_OF = {
    "student": "stu-ana",
    "parent": "pat",
    "parent_link_ended": "pia",
    "parent_link_of_partner": "poe",
    "parent_of_nobody": "una",
    "guide": "gil",
    "guide_enrollment_over": "greg",
    "guide_enrollment_deleted": "glen",
    "guide_class_deleted": "gwen",
    "guide_who_left": "gone",
    "guide_of_school": "gus",
    "school_admin": "ada",
    "district_admin": "dora",
    "analyst": None,
}
# No role reads students: an analyst's, and that of someone whose user is no more.
READ_NO_STUDENTS = {"analyst", "guide_who_left"}
# The students whose figures a partner sees for good: whoever was ever enrolled in its courses.
KNOWN_TO = {
    "reading": {"stu-ana", "stu-ben", "stu-eve", "stu-dan"},
    "maths": {"stu-ana", "stu-cai"},
    "trial": {"stu-sam"},
}
NAMED_TO = {"reading": {"stu-ana"}, "maths": {"stu-ana", "stu-cai"}, "trial": {"stu-sam"}}
RUN_BY = {
    "school_admin": {"maple"},
    "district_admin": {"district", "maple", "cedar"},
}
ROLES = [*REFUSED, *PARTNERS, *sorted(SEE_ALL), *STUDENTS_OF, *sorted(READ_NO_STUDENTS)]
REPORT_ROLE = {
    "student": "student",
    "parent": "parent",
    "parent_link_ended": "parent",
    "parent_link_of_partner": "parent",
    "parent_of_nobody": "parent",
    "guide": "guide",
    "guide_enrollment_over": "guide",
    "guide_enrollment_deleted": "guide",
    "guide_class_deleted": "guide",
    "guide_of_school": "guide",
    "school_admin": "admin",
    "district_admin": "admin",
    "platform_admin": "admin",
    "alpha": "admin",
    "reading": "partner",
    "maths": "partner",
    "trial": "partner",
    "partner_user": "partner",
}

Pair = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """What a role sees: students, facts by student and app, and events."""

    students: set[str]
    facts: set[Pair]
    events: set[Pair]


def by_id(role: str) -> Seen:
    """What a role sees when it asks by an id."""
    if role in SEE_ALL:
        return Seen(set(STUDENTS), set(PAIRS), {*PAIRS, GHOST})
    if role in PARTNERS:
        app = PARTNERS[role]
        facts = {(student, app) for student in KNOWN_TO[app]} & set(PAIRS)
        return Seen(KNOWN_TO[app], facts, {pair for pair in [*PAIRS, GHOST] if pair[1] == app})
    students = STUDENTS_OF.get(role, set())
    facts = {pair for pair in PAIRS if pair[0] in students}
    return Seen(students, facts, facts)


def listed(role: str) -> Seen:
    """What a role sees in lists: sandboxes show to who sees everything only by id."""
    seen = by_id(role)
    if role not in SEE_ALL:
        return seen
    return Seen(
        seen.students - {"stu-sam"},
        seen.facts - {("stu-sam", "trial")},
        seen.events - {("stu-sam", "trial")},
    )


def records(role: str) -> dict[str, set[str]]:
    """The registry records that a role sees, by type."""
    if role in SEE_ALL:
        return _everything()
    if role in PARTNERS:
        return _of_partner(PARTNERS[role])
    return _of_person(role)


def _everything() -> dict[str, set[str]]:
    return {
        "course": set(COURSES.values()),
        **{kind: {f"{kind}-{mark}" for mark in "rmt"} for kind in ("unit", "lesson", "resource")},
        "class": set(CLASSES),
        "enrollment": set(ENROLLMENTS),
        "user": {*STUDENTS, *PEOPLE},
        "agent": set(LINKS),
        "org": {"district", "maple", "cedar"} | SANDBOX_ORG,
        "academicSession": {"term-1"},
    }


SANDBOX_ORG: set[str] = {"partner-sandbox"}
HOMES = {**STUDENTS, **{person: org for person, (_, org, _) in PEOPLE.items()}}


def _catalog(courses: set[str]) -> dict[str, set[str]]:
    marks = {course[-1] for course in courses}
    return {
        "course": courses,
        **{kind: {f"{kind}-{mark}" for mark in marks} for kind in ("unit", "lesson")},
    }


def _of_partner(app: str) -> dict[str, set[str]]:
    course = COURSES[app]
    classes = {name for name, about in CLASSES.items() if about[0] == course}
    enrollments = {name for name, about in ENROLLMENTS.items() if about[1] in classes}
    teachers = {"gil"} if app == "reading" else set()
    users = NAMED_TO[app] | teachers
    org = {"trial": {"partner-sandbox"}}.get(app, {CLASSES[name][1] for name in classes})
    return {
        **_catalog({course}),
        "resource": {f"resource-{course[-1]}"},
        "class": classes,
        "enrollment": enrollments,
        "user": users,
        "agent": {name for name, about in LINKS.items() if about[3]} if app == "reading" else set(),
        "org": org | {HOMES[user] for user in users},
        "academicSession": {"term-1"} if app == "reading" else set(),
    }


def _of_person(role: str) -> dict[str, set[str]]:
    students, me, run = STUDENTS_OF.get(role, set()), USER_OF[role], RUN_BY.get(role, set())
    if me is None or role == "guide_who_left":
        kinds = _everything()
        return {kind: set() for kind in kinds}
    real = {user for user in HOMES if user != "stu-sam"}
    users = {me} | students | {user for user in real if HOMES[user] in run}
    enrollments = {name for name, about in ENROLLMENTS.items() if about[0] in users}
    classes = {ENROLLMENTS[name][1] for name in enrollments}
    classes |= {name for name, about in CLASSES.items() if about[1] in run}
    links = {
        name for name, about in LINKS.items() if about[0] in students and (run or me in about[:2])
    }
    schools = {CLASSES[name][1] for name in classes}
    return {
        **_catalog({CLASSES[name][0] for name in classes}),
        "resource": set(),
        "class": classes,
        "enrollment": enrollments,
        "user": users,
        "agent": links,
        "org": run | schools | {HOMES[user] for user in users},
        "academicSession": {"term-1"} if "class-r" in classes else set(),
    }

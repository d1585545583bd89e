"""Every read route of the composed app, with what it is asked for and what its answer lists.

A route that is not placed here fails `test_every_read_route_is_placed`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.matrix.marts import event_id, key, receipt
from tests.matrix.oracle import HOMES, REPORT_ROLE, Pair, Seen
from tests.matrix.registry import CLASSES, COURSES, ENROLLMENTS, LINKS

DATE = "date=2026-01-15"
DAYS = "startDate=2026-01-01&endDate=2026-01-31"
ROSTER = "/rostering/1.0"

# Read without a student's record in them, or through a ticket: their own tests hold these.
NOT_OF_STUDENTS = {
    "/sql/1.0/tables",
    "/.well-known/jwks.json",
    "/.well-known/openid-configuration",
    "/auth/1.0/userinfo",
}


@dataclass(frozen=True)
class Single:
    """A route that reads one student or one fact, named by `ask`."""

    ask: Callable[[str, str], str]  # student, app -> path and query
    of: str  # the set of `Seen` that says whether it is seen: students, facts, events
    roles: frozenset[str] | None = None  # of reports; None: all that read students
    names_student: bool = False  # beside what it asks for, so that it 404s for the student first

    def seen(self, seen: Seen, pair: Pair) -> bool:
        """Whether the oracle sees the pair."""
        found: set[Any] = getattr(seen, self.of)
        return (pair[0] if self.of == "students" else pair) in found


@dataclass(frozen=True)
class Listed:
    """A route that lists facts: where its rows are, and which field names the pair."""

    ask: str
    rows: str
    mark: Callable[[dict[str, Any]], str]
    expected: Callable[[Pair], str]
    of: str = "facts"


def of_student(path: str) -> Single:
    """A route about a student: `{}` is the student's id."""
    return Single(lambda student, _: path.format(student), "students")


def of_fact(path: str, prefix: str, of: str = "facts") -> Single:
    """A route about a fact of a student in an app."""
    return Single(lambda student, app: path.format(f"{prefix}{key(student, app)}"), of)


GRADES = "/gradebook/1.0"
STAFF = frozenset({"guide", "admin"})
REPORTERS = STAFF | {"student", "parent"}

SINGLE: dict[str, Single] = {
    "/xp/1.0/users/{user_id}/entries": of_student("/xp/1.0/users/{}/entries"),
    "/xp/1.0/users/{user_id}/summary": of_student(f"/xp/1.0/users/{{}}/summary?{DAYS}"),
    "/analytics/1.0/activity": of_student(f"/analytics/1.0/activity?studentId={{}}&{DAYS}"),
    "/analytics/1.0/facts/weekly": of_student(
        "/analytics/1.0/facts/weekly?studentId={}&weekDate=2026-01-15"
    ),
    "/insights/1.0/users/{user_id}": of_student(f"/insights/1.0/users/{{}}?{DAYS}"),
    "/insights/1.0/users/{user_id}/sessions": of_student("/insights/1.0/users/{}/sessions"),
    "/insights/1.0/users/{user_id}/overview": of_student("/insights/1.0/users/{}/overview"),
    "/insights/1.0/sessions/{session_id}": of_fact("/insights/1.0/sessions/{}", "session-"),
    **{
        f"{GRADES}/{name}/{{sourced_id}}": of_fact(f"{GRADES}/{name}/{{}}", "result-")
        for name in ("assessmentResults", "assessment-results", "results")
    },
    **{
        f"{GRADES}/{name}/{{sourced_id}}": of_fact(f"{GRADES}/{name}/{{}}", "line-")
        for name in ("lineItems", "assessmentLineItems")
    },
    "/mastery/1.0/users/{user_id}/lessons": of_student("/mastery/1.0/users/{}/lessons"),
    "/events/1.0/receipts/{receipt_id}": Single(
        lambda student, app: f"/events/1.0/receipts/{receipt(student, app)}", "events"
    ),
    "/events/1.0/receipts/{receipt_id}/{index}": Single(
        lambda student, app: f"/events/1.0/receipts/{receipt(student, app)}/0", "events"
    ),
    "/events/1.0/{event_id}": Single(
        lambda student, app: f"/events/1.0/{event_id(student, app)}", "events"
    ),
    "/explain/1.0/xp": of_student(f"/explain/1.0/xp?studentId={{}}&{DATE}"),
    "/explain/1.0/xp-entry/{entry_id}": of_fact("/explain/1.0/xp-entry/{}", "xp-"),
    "/explain/1.0/minutes": of_student(f"/explain/1.0/minutes?studentId={{}}&{DATE}"),
    "/explain/1.0/session/{session_id}": of_fact("/explain/1.0/session/{}", "session-"),
    "/explain/1.0/result/{result_id}": of_fact("/explain/1.0/result/{}", "result-"),
    "/explain/1.0/mastery": Single(
        lambda student, app: (
            f"/explain/1.0/mastery?studentId={student}&lessonId=lesson-{COURSES.get(app, app)[-1]}"
        ),
        "facts",
        names_student=True,
    ),
    "/explain/1.0/goal": Single(
        lambda student, _: f"/explain/1.0/goal?studentId={student}&{DATE}", "students"
    ),
    "/explain/1.0/event/{event_id}": Single(
        lambda student, app: f"/explain/1.0/event/{event_id(student, app)}", "events"
    ),
    "/reports/1.0/students/{student_id}": Single(
        lambda student, _: f"/reports/1.0/students/{student}?on=2026-01-15", "students", REPORTERS
    ),
}


LISTED: dict[str, Listed] = {
    "/analytics/1.0/facts": Listed(
        "/analytics/1.0/facts", "facts", lambda row: row["id"], lambda pair: f"fact-{key(*pair)}"
    ),
    **{
        f"{GRADES}/{name}": Listed(
            f"{GRADES}/{name}",
            rows,
            lambda row: row["sourcedId"],
            lambda pair: f"result-{key(*pair)}",
        )
        for name, rows in (
            ("assessmentResults", "assessmentResults"),
            ("assessment-results", "assessmentResults"),
            ("results", "results"),
        )
    },
    **{
        f"{GRADES}/{name}": Listed(
            f"{GRADES}/{name}",
            name,
            lambda row: row["sourcedId"],
            lambda pair: f"line-{key(*pair)}",
        )
        for name in ("lineItems", "assessmentLineItems")
    },
    f"{GRADES}/items": Listed(
        f"{GRADES}/items", "items", lambda row: row["itemId"], lambda pair: f"item-{key(*pair)}"
    ),
    "/events/1.0": Listed(
        "/events/1.0", "events", lambda row: row["id"], lambda pair: event_id(*pair), "events"
    ),
}
BY_LESSON = "/mastery/1.0/lessons/{lesson_id}/students"
REPORTS = {
    "/reports/1.0/me": frozenset({"student", "parent", "guide", "admin", "partner", ""}),
    "/reports/1.0/freshness": frozenset({"student", "parent", "guide", "admin", "partner", ""}),
    "/reports/1.0/me/students": REPORTERS,
    "/reports/1.0/guide/today": STAFF,
    "/reports/1.0/guide/class-grid": STAFF,
    "/reports/1.0/guide/stuck-lessons": STAFF,
    "/reports/1.0/guide/week-review": STAFF,
    "/reports/1.0/parent/today": frozenset({"parent"}),
    "/reports/1.0/parent/week": frozenset({"parent"}),
    "/reports/1.0/admin/apps": frozenset({"admin"}),
    "/reports/1.0/admin/roster-health": frozenset({"admin"}),
    "/reports/1.0/admin/schools": frozenset({"admin"}),
    "/reports/1.0/admin/data-health": frozenset({"admin"}),
    "/reports/1.0/partner/integration": frozenset({"partner"}),
    "/reports/1.0/partner/usage": frozenset({"partner"}),
    "/reports/1.0/partner/content": frozenset({"partner"}),
}
# Reports of those who run the install: path asked for -> the roles that read it.
OPERATORS = {
    "/reports/1.0/admin/outbox": frozenset({"platform_admin"}),
    "/reports/1.0/admin/outbox/{alert_id}": frozenset({"platform_admin"}),
    "/reports/1.0/analyst/builds": frozenset(
        {"analyst", "school_admin", "district_admin", "platform_admin", "alpha"}
    ),
}
# Who reads statistics of questions: they are about all who answered.
ITEM_READERS = frozenset({"guide", "admin", "partner"})

# Of the roster: collection -> record type, and the ids among its records.
COLLECTIONS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "courses": ("course", lambda _: True),
    "units": ("unit", lambda _: True),
    "lessons": ("lesson", lambda _: True),
    "resources": ("resource", lambda _: True),
    "users": ("user", lambda _: True),
    "students": ("user", lambda user: user.startswith("stu-")),
    "teachers": ("user", lambda user: user.startswith("g")),
    "orgs": ("org", lambda _: True),
    "schools": ("org", lambda org: org != "district"),
    "classes": ("class", lambda _: True),
    "enrollments": ("enrollment", lambda _: True),
    "academicSessions": ("academicSession", lambda _: True),
    "terms": ("academicSession", lambda _: True),
    "gradingPeriods": ("academicSession", lambda _: False),
}


def report_role(role: str) -> str:
    """The role that reports know someone by; empty: none that has reports."""
    return REPORT_ROLE.get(role, "")


def _enrolled(class_id: str, role: str) -> set[str]:
    return {
        user
        for user, of_class, has_role, more in ENROLLMENTS.values()
        if (of_class, has_role) == (class_id, role) and "status" not in more
    }


def _classes_of(user_id: str) -> set[str]:
    return {
        class_id
        for user, class_id, _, more in ENROLLMENTS.values()
        if user == user_id and "status" not in more
    }


def _marked(kind: str) -> Callable[[str], set[str]]:
    return lambda outer: {f"{kind}-{outer[-1]}"}


def _homed(org: str, begins: str) -> set[str]:
    return {user for user, home in HOMES.items() if home == org and user.startswith(begins)}


# Lists within a record: outer and inner collection, and what the relation holds, seen or not.
WITHIN: dict[tuple[str, str], Callable[[str], set[str]]] = {
    ("classes", "students"): lambda outer: _enrolled(outer, "student"),
    ("classes", "teachers"): lambda outer: _enrolled(outer, "teacher"),
    ("classes", "enrollments"): lambda outer: {
        name for name, about in ENROLLMENTS.items() if about[1] == outer
    },
    ("courses", "classes"): lambda outer: {
        name for name, about in CLASSES.items() if about[0] == outer
    },
    ("courses", "units"): _marked("unit"),
    ("courses", "lessons"): _marked("lesson"),
    ("units", "lessons"): _marked("lesson"),
    ("schools", "classes"): lambda outer: {
        name for name, about in CLASSES.items() if about[1] == outer
    },
    ("schools", "courses"): lambda outer: set(COURSES.values()) if outer == "maple" else set(),
    ("schools", "enrollments"): lambda _: set(),  # these enrollments name no school
    ("schools", "students"): lambda outer: _homed(outer, "stu-"),
    ("schools", "teachers"): lambda outer: _homed(outer, "g"),
    **{(outer, "classes"): _classes_of for outer in ("users", "students", "teachers")},
    ("users", "enrollments"): lambda outer: {
        name for name, about in ENROLLMENTS.items() if about[0] == outer
    },
    **{
        (outer, "agents"): lambda user: {name for name, about in LINKS.items() if about[0] == user}
        for outer in ("users", "students")
    },
}


AUDIT = ("/audit/1.0/entries", "/audit/1.0/days")
EXPORT = "/privacy/1.0/students/{student_id}/export"
ERASURE = "/privacy/1.0/students/{student_id}/erasure"
MEANING = "/reports/1.0/parent/xp-meaning"


def placed() -> set[str]:
    """Every route that the matrix asks."""
    roster = {f"{ROSTER}/{name}" for name in COLLECTIONS}
    roster |= {f"{ROSTER}/{name}/{{sourced_id}}" for name in COLLECTIONS}
    roster |= {f"{ROSTER}/{outer}/{{sourced_id}}/{inner}" for outer, inner in WITHIN}
    roster |= {f"{ROSTER}/courses/components", LINK, RESOURCES, f"{RESOURCES}/{{sourced_id}}"}
    return {
        *SINGLE,
        *LISTED,
        BY_LESSON,
        *REPORTS,
        *OPERATORS,
        *AUDIT,
        EXPORT,
        ERASURE,
        MEANING,
        *roster,
    }


LINK = f"{ROSTER}/students/{{student_id}}/agents/{{agent_user_id}}"
RESOURCES = "/resources/1.0/resources"

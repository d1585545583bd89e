"""Every record type in one place: its names, its parents, and who may write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from core.registry import catalog, leniency, roster
from core.registry.values import Record

Writer = Literal["partner", "testing", "admin"]


@dataclass(frozen=True)
class Parent:
    """A reference to another record. Unchecked ones may name what was never created."""

    field: str
    record_type: str
    is_list: bool = False
    is_checked: bool = True
    is_fixed: bool = False


@dataclass(frozen=True)
class RecordType:
    """A kind of record. `writer` is the least client that may write it."""

    name: str
    plural: str
    model: type[Record]
    writer: Writer
    parents: tuple[Parent, ...] = ()
    complete: Callable[[dict[str, Any]], None] | None = None
    made_of: tuple[str, ...] = ()

    @property
    def stored_as(self) -> tuple[str, ...]:
        """The stored types whose records it shows: its own, unless it is a view of others."""
        return self.made_of or (self.name,)

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """Names on the wire, in their order; a filter, a sort or a selection may use them."""
        return tuple(info.alias or name for name, info in self.model.model_fields.items())

    @cached_property
    def defaulted(self) -> frozenset[str]:
        """Those that mean something where nothing is said, such as `enabledUser`."""
        return frozenset(
            info.alias or name
            for name, info in self.model.model_fields.items()
            if not info.is_required() and info.get_default(call_default_factory=False) is not None
        )


@dataclass(frozen=True)
class Collection:
    """A path of the API: all records of a type, or those that `contains` says."""

    path: str
    record_type: RecordType
    also_wrapped_as: tuple[str, ...] = ()
    contains: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wrappers(self) -> tuple[str, ...]:
        """Keys under which a body may hold the record."""
        return (self.record_type.name, *self.also_wrapped_as)

    @property
    def singular(self) -> str:
        """What one of its records is called."""
        return self.wrappers[-1]

    def misfits(self, payload: Mapping[str, Any]) -> list[str]:
        """The fields by which a record is not in this collection; none if it is."""
        return [name for name, wanted in self.contains.items() if not _holds(payload, name, wanted)]


def _holds(payload: Mapping[str, Any], name: str, wanted: Any) -> bool:
    held = payload.get(name)
    if isinstance(wanted, list):
        members = held if isinstance(held, list) else []
        return all(any(one.items() <= member.items() for member in members) for one in wanted)
    return bool(held == wanted)


COURSE = RecordType(
    "course",
    "courses",
    catalog.Course,
    "partner",
    (Parent("org", "org"), Parent("schoolYear", "academicSession", is_checked=False)),
)
UNIT = RecordType(
    "unit", "units", catalog.Unit, "partner", (Parent("course", "course", is_fixed=True),)
)
LESSON = RecordType(
    "lesson",
    "lessons",
    catalog.Lesson,
    "partner",
    (Parent("unit", "unit"), Parent("course", "course", is_fixed=True)),
)
RESOURCE = RecordType(
    "resource", "resources", catalog.Resource, "partner", complete=leniency.complete_resource
)
USER = RecordType(
    "user", "users", roster.User, "testing", (Parent("primaryOrg", "org"),), leniency.complete_user
)
CLASS = RecordType(
    "class",
    "classes",
    roster.Class,
    "testing",
    (
        Parent("course", "course"),
        Parent("school", "org"),
        Parent("terms", "academicSession", is_list=True, is_checked=False),
    ),
    leniency.complete_class,
)
ENROLLMENT = RecordType(
    "enrollment",
    "enrollments",
    roster.Enrollment,
    "testing",
    (Parent("user", "user"), Parent("class", "class"), Parent("school", "org")),
)
AGENT = RecordType(
    "agent",
    "agents",
    roster.Agent,
    "testing",
    (Parent("student", "user", is_fixed=True), Parent("agent", "user", is_fixed=True)),
)
ORG = RecordType("org", "orgs", roster.Org, "admin", (Parent("parent", "org"),))
SESSION = RecordType(
    "academicSession",
    "academicSessions",
    roster.AcademicSession,
    "admin",
    (Parent("parent", "academicSession", is_checked=False),),
    leniency.complete_session,
)

COMPONENT = RecordType(
    "courseComponent",
    "courseComponents",
    catalog.Component,
    "admin",
    LESSON.parents,
    made_of=("unit", "lesson"),
)

RECORD_TYPES = {
    kind.name: kind
    for kind in (
        COURSE,
        UNIT,
        LESSON,
        RESOURCE,
        USER,
        CLASS,
        ENROLLMENT,
        AGENT,
        ORG,
        SESSION,
    )
}

RESOURCES = Collection("resources", RESOURCE)
AGENTS = Collection("agents", AGENT)
STUDENTS = Collection("students", USER, ("student",), {"roles": [{"role": "student"}]})
TEACHERS = Collection("teachers", USER, ("teacher",), {"roles": [{"role": "teacher"}]})
COLLECTIONS = (
    Collection("courses", COURSE),
    Collection("units", UNIT),
    Collection("lessons", LESSON),
    RESOURCES,
    Collection("users", USER),
    STUDENTS,
    TEACHERS,
    Collection("orgs", ORG),
    Collection("schools", ORG, ("school",), {"type": "school"}),
    Collection("classes", CLASS),
    Collection("enrollments", ENROLLMENT),
    Collection("academicSessions", SESSION),
    Collection("terms", SESSION, ("term",), {"type": "term"}),
    Collection("gradingPeriods", SESSION, ("gradingPeriod",), {"type": "gradingPeriod"}),
)


def agent_id(student_id: str, agent_user_id: str) -> str:
    """The id of a link; a ':' of the student's id is escaped, so that no two links share one."""
    return f"{student_id.replace('%', '%25').replace(':', '%3A')}:{agent_user_id}"

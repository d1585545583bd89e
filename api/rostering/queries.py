"""Lists within a record, and what of a list concerns students."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.access import Condition
from core.registry.search import Question
from core.registry.types import (
    AGENT,
    AGENTS,
    COLLECTIONS,
    COMPONENT,
    ENROLLMENT,
    Collection,
    RecordType,
)

BY_PATH = {collection.path: collection for collection in COLLECTIONS}
ENROLLED = """
    records.sourced_id in (
        select enrollment.payload -> 'user' ->> 'sourcedId'
        from registry.records as enrollment
        where
            enrollment.record_type = 'enrollment' and enrollment.status = 'active'
            and enrollment.payload -> 'class' ->> 'sourcedId' = %(within_id)s
            and enrollment.payload ->> 'role' = %(within_role)s
    )
"""
TAKEN = """
    records.sourced_id in (
        select enrollment.payload -> 'class' ->> 'sourcedId'
        from registry.records as enrollment
        where
            enrollment.record_type = 'enrollment' and enrollment.status = 'active'
            and enrollment.payload -> 'user' ->> 'sourcedId' = %(within_id)s
    )
"""
REFERS = "records.payload -> %(within_field)s ->> 'sourcedId' = %(within_id)s"
SCHOOLED = """
    (
        records.payload -> 'primaryOrg' ->> 'sourcedId' = %(within_id)s
        or records.payload @> jsonb_build_object('roles', jsonb_build_array(
            jsonb_build_object('org', jsonb_build_object('sourcedId', %(within_id)s::text))
        ))
    )
"""


@dataclass(frozen=True)
class Within:
    """A list within a record: `/classes/{id}/students`."""

    outer: Collection
    inner: Collection
    sql: str
    field: str = ""
    role: str = ""

    @property
    def path(self) -> str:
        """The route."""
        return f"/{self.outer.path}/{{sourced_id}}/{self.inner.path}"

    def narrow(self, question: Question, sourced_id: str) -> Question:
        """The question, for the records within that one."""
        condition = Condition(
            self.sql,
            {"within_id": sourced_id, "within_field": self.field, "within_role": self.role},
        )
        return replace(question, where=(*question.where, condition))


def _referring(outer: str, inner: str, field: str) -> Within:
    return Within(BY_PATH[outer], BY_PATH[inner], REFERS, field=field)


COMPONENTS = Collection("courses/components", COMPONENT)
WITHIN = (
    Within(BY_PATH["classes"], BY_PATH["students"], ENROLLED, role="student"),
    Within(BY_PATH["classes"], BY_PATH["teachers"], ENROLLED, role="teacher"),
    _referring("classes", "enrollments", "class"),
    _referring("courses", "classes", "course"),
    _referring("courses", "units", "course"),
    _referring("courses", "lessons", "course"),
    _referring("units", "lessons", "unit"),
    _referring("schools", "classes", "school"),
    _referring("schools", "courses", "org"),
    _referring("schools", "enrollments", "school"),
    Within(BY_PATH["schools"], BY_PATH["students"], SCHOOLED),
    Within(BY_PATH["schools"], BY_PATH["teachers"], SCHOOLED),
    Within(BY_PATH["users"], BY_PATH["classes"], TAKEN),
    Within(BY_PATH["students"], BY_PATH["classes"], TAKEN),
    Within(BY_PATH["teachers"], BY_PATH["classes"], TAKEN),
    _referring("users", "enrollments", "user"),
    Within(BY_PATH["users"], AGENTS, REFERS, field="student"),
    Within(BY_PATH["students"], AGENTS, REFERS, field="student"),
)


def students_in(kind: RecordType, bodies: Iterable[dict[str, Any]]) -> set[str]:
    """The students whose records these are."""
    if kind is ENROLLMENT:
        found = [body["user"] for body in bodies if body.get("role") == "student"]
    elif kind is AGENT:
        found = [body["student"] for body in bodies]
    elif kind.name == "user":
        found = [body for body in bodies if _is_student(body)]
    else:
        found = []
    return {str(one["sourcedId"]) for one in found}


def _is_student(body: dict[str, Any]) -> bool:
    return any(given.get("role") == "student" for given in body.get("roles", []))

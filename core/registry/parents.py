"""References between records: what a payload names, and whether the writer may name it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from core.errors import ConflictError, Fault, UnacceptableError
from core.registry import records
from core.registry.records import Record
from core.registry.types import LESSON, USER, Parent, RecordType


class MayName(Protocol):
    """Whether a writer may name a record as a parent."""

    def __call__(self, parent: Record) -> bool:
        """True if it is the writer's own, or open to it."""


@dataclass(frozen=True)
class Named:
    """One reference of a payload: where it stands and which record it means."""

    path: str
    record_type: str
    sourced_id: str
    is_fixed: bool = False


def named_in(kind: RecordType, payload: dict[str, Any]) -> Iterator[Named]:
    """The references of a payload whose records must exist."""
    for parent in kind.parents:
        if parent.is_checked and parent.field in payload:
            yield _named(kind, parent, payload[parent.field])
    if kind is USER:
        for place, given in enumerate(payload.get("roles", [])):
            if "org" in given:
                path = f"user.roles.{place}.org.sourcedId"
                yield Named(path, "org", given["org"]["sourcedId"])


def _named(kind: RecordType, parent: Parent, reference: dict[str, Any]) -> Named:
    return Named(
        f"{kind.name}.{parent.field}.sourcedId",
        parent.record_type,
        reference["sourcedId"],
        parent.is_fixed,
    )


def check_known(
    connection: psycopg.Connection[Any],
    kind: RecordType,
    payload: dict[str, Any],
    existing: Record | None,
    may_name: MayName,
) -> None:
    """Refuse parents that are not there: 422 `unknown_parent`, naming each.

    A parent that is not the writer's own reads like one that is not there. A deleted parent is
    not there either, but a record that names it already may be written on.
    """
    held = set(named_in(kind, existing.payload)) if existing is not None else set()
    faults = []
    for named in named_in(kind, payload):
        parent = records.get(connection, named.record_type, named.sourced_id)
        is_there = parent is not None and may_name(parent)
        is_alive = parent is not None and parent.status == "active"
        if not is_there or not (is_alive or named in held):
            message = f"there is no {named.record_type} {named.sourced_id!r}"
            faults.append(Fault(named.path, message))
    if faults:
        raise UnacceptableError(
            "; ".join(f"{fault.path}: {fault.message}" for fault in faults),
            code="unknown_parent",
            faults=tuple(faults),
        )


def check_acyclic(
    connection: psycopg.Connection[Any], kind: RecordType, payload: dict[str, Any]
) -> None:
    """Refuse a record that would stand above itself: 422 `cycle`, naming who stands between."""
    for parent in kind.parents:
        if parent.record_type != kind.name:
            continue
        line = [payload["sourcedId"]]
        above: dict[str, Any] | None = payload
        while above is not None and parent.field in above:
            line.append(above[parent.field]["sourcedId"])
            if line[-1] in line[:-1]:
                break
            found = records.get(connection, kind.name, line[-1])
            above = found.payload if found is not None else None
        if line[-1] == line[0] and len(line) > 1:
            message = f"makes a cycle: {' > '.join(line)}"
            raise UnacceptableError(
                f"{kind.name}.{parent.field} {message}.",
                code="cycle",
                faults=(Fault(f"{kind.name}.{parent.field}.sourcedId", message),),
            )


def check_fixed(kind: RecordType, payload: dict[str, Any], existing: Record) -> None:
    """Refuse to change a parent that was fixed at creation: 409 `parent_fixed`."""
    wanted = {named.path: named.sourced_id for named in named_in(kind, payload)}
    for named in named_in(kind, existing.payload):
        if named.is_fixed and wanted.get(named.path, named.sourced_id) != named.sourced_id:
            raise ConflictError(
                f"{named.path} was fixed as {named.sourced_id!r} when the {kind.name} was made.",
                code="parent_fixed",
                faults=(Fault(named.path, f"stays {named.sourced_id!r}"),),
            )


def follow_unit(
    connection: psycopg.Connection[Any], kind: RecordType, payload: dict[str, Any]
) -> None:
    """Give a lesson the course of its unit; 422 if it names another."""
    if kind is not LESSON:
        return
    unit = records.get(connection, "unit", payload["unit"]["sourcedId"])
    course = unit.payload.get("course") if unit is not None else None
    if course is None:
        return
    named = payload.get("course", course)["sourcedId"]
    if named != course["sourcedId"]:
        message = f"the unit belongs to the course {course['sourcedId']!r}"
        raise UnacceptableError(
            f"lesson.course is {named!r}, but {message}.",
            code="lesson_course_mismatch",
            faults=(Fault("lesson.course.sourcedId", message),),
        )
    payload["course"] = {"sourcedId": course["sourcedId"]}

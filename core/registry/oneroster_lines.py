"""Lines of a OneRoster 1.2 CSV bundle, and what they say of records."""

from collections.abc import Iterable, Iterator
from typing import Any

from core.registry.oneroster_text import Line, Refusal
from core.registry.types import CLASS, COURSE, ENROLLMENT, ORG, SESSION, USER, RecordType

LISTS = frozenset({"grades", "subjects", "subjectCodes", "periods", "termSourcedIds"})
REFERENCES = {
    "parentSourcedId": "parent",
    "schoolYearSourcedId": "schoolYear",
    "orgSourcedId": "org",
    "courseSourcedId": "course",
    "schoolSourcedId": "school",
    "termSourcedIds": "terms",
    "classSourcedId": "class",
    "userSourcedId": "user",
    "primaryOrgSourcedId": "primaryOrg",
}
RENAMED = {"preferredGivenName": "preferredFirstName", "preferredFamilyName": "preferredLastName"}
UNKEPT = frozenset(
    {"dateLastModified", "password", "userIds", "agentSourcedIds", "resourceSourcedIds"}
)
ENDED = frozenset({"tobedeleted", "inactive"})  # the latter in OneRoster 1.0
USERS_ROLE = frozenset({"role", "orgSourcedIds"})  # OneRoster 1.1: of users.csv itself
MAY_DIFFER = USERS_ROLE | {"dateLastModified"}
COLUMNS = {
    column.lower(): column
    for column in (
        *REFERENCES,
        *RENAMED,
        *UNKEPT,
        *USERS_ROLE,
        "roleType",
        *(
            name
            for kind in (ORG, SESSION, COURSE, USER, CLASS, ENROLLMENT)
            for name in kind.field_names
        ),
    )
}


def split(cell: str) -> list[str]:
    """The members of a list cell, which commas part."""
    return [part.strip() for part in cell.split(",") if part.strip()]


def ends(line: Line) -> bool:
    """Whether a line says that its record ends; such a line needs nothing but its id."""
    return line.cells.get("status", "").lower() in ENDED


def read_patch(kind: RecordType, line: Line) -> dict[str, Any]:
    """What a line says of its record, as a merge patch (RFC 7396).

    A column that is not there says nothing. An empty cell removes a value, unless having none
    would mean another one: then it says nothing either. `metadata.a.b` columns, and those that
    OneRoster does not know, are metadata.
    """
    patch: dict[str, Any] = {"status": "active", "metadata": {}}
    for column, cell in line.cells.items():
        name = REFERENCES.get(column, RENAMED.get(column, column))
        value = split(cell) if column in LISTS else cell or None
        if column in UNKEPT or (kind is USER and column in USERS_ROLE):
            continue
        if name not in kind.field_names:
            _set_metadata(patch["metadata"], column.removeprefix("metadata.").split("."), value)
        elif cell or name not in kind.defaulted:
            patch[name] = value
    return patch


def _set_metadata(metadata: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        if not isinstance(metadata.get(part), dict):
            metadata[part] = {}
        metadata = metadata[part]
    metadata[path[-1]] = value


def read_role(line: Line) -> dict[str, Any]:
    """The role (OneRoster 1.2 Role) that a line of `roles.csv` gives."""
    names = ("role", "roleType", "orgSourcedId", "beginDate", "endDate")
    return {REFERENCES.get(name, name): line.cells[name] for name in names if line.cells.get(name)}


def read_users_roles(lines: list[Line]) -> list[dict[str, Any]]:
    """The roles that a user's lines in `users.csv` give (OneRoster 1.1), at each org they name."""
    given: list[dict[str, Any]] = []
    for line in lines:
        role = line.cells.get("role")
        orgs = split(line.cells.get("orgSourcedIds", ""))
        for place in [{"org": {"sourcedId": org}} for org in orgs] or [{}]:
            if role and {"role": role, **place} not in given:
                given.append({"role": role, **place})
    return [{**role, "roleType": "secondary" if at else "primary"} for at, role in enumerate(given)]


def by_id(lines: Iterable[Line], *, may_differ: frozenset[str]) -> Iterator[list[Line] | Refusal]:
    """Lines with one id, together; one that says something else than the first is refused."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        sourced_id = line.cells["sourcedId"]
        first, *_ = group = groups.setdefault(sourced_id or line.place, [line])
        column = _difference(first, line, may_differ)
        if column is not None:
            number = first.place.rpartition(":")[2]
            reason = f"line {number} has the sourcedId {sourced_id!r} too, with another {column}"
            yield Refusal(line.place, reason)
        elif line is not first:
            group.append(line)
    yield from groups.values()


def _difference(one: Line, other: Line, may_differ: frozenset[str]) -> str | None:
    """The first column of which two lines say different things."""
    return next(
        (
            column
            for column, cell in one.cells.items()
            if column not in may_differ and cell != other.cells[column]
        ),
        None,
    )

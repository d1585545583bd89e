"""Lines of a OneRoster 1.2 CSV bundle, and the records that they mean."""

from dataclasses import dataclass
from typing import Any

from core.registry.normalise import merge

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


@dataclass(frozen=True)
class Line:
    """One line of a file; an empty cell is left out."""

    place: str  # "users.csv:12"
    cells: dict[str, str]


def split(cell: str) -> list[str]:
    """The members of a list cell, which commas part."""
    return [part.strip() for part in cell.split(",") if part.strip()]


def read_body(line: Line) -> dict[str, Any]:
    """The record that a line means; `metadata.a.b` columns go to its metadata."""
    body: dict[str, Any] = {"metadata": {}}
    for column, cell in line.cells.items():
        value: Any = split(cell) if column in LISTS else cell
        if column.startswith("metadata."):
            nested: Any = value
            for part in reversed(column.split(".")[1:]):
                nested = {part: nested}
            body["metadata"] = merge(body["metadata"], nested)
        elif column not in UNKEPT:
            body[REFERENCES.get(column, RENAMED.get(column, column))] = value
    return body


def read_user(line: Line, roles: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A user with the roles of `roles.csv`, or with OneRoster 1.1's `role` and `orgSourcedIds`."""
    body = read_body(line)
    orgs = split(body.pop("orgSourcedIds", ""))
    held = roles.get(line.cells.get("sourcedId", ""), [])
    if held:
        body["roles"] = held
    if "primaryOrg" not in body:
        named = [one["org"] for one in held if "org" in one] + orgs
        if named:
            body["primaryOrg"] = named[0]
    return body

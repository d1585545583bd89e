"""Rosters from OneRoster 1.2 CSV bundles: each line a record of Alpha's, or a named refusal."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from core import audit
from core.errors import AppError, UnacceptableError
from core.registry import parents, records
from core.registry.normalise import merge, normalise
from core.registry.oneroster_lines import Line, read_body, read_user, split
from core.registry.role_changes import role_change
from core.registry.types import (
    AGENT,
    CLASS,
    COURSE,
    ENROLLMENT,
    ORG,
    SESSION,
    USER,
    RecordType,
    agent_id,
)  # fmt: skip
from core.registry.values import check_sourced_id

LINKING_ROLES = ("parent", "guardian")


@dataclass
class ImportReport:
    """What an import did: records that changed, and `file:line: reason` of refused lines."""

    written: int = 0
    errors: list[str] = field(default_factory=list)


def import_folder(connection: psycopg.Connection[Any], folder: Path) -> ImportReport:
    """Import the bundle in a folder; 422 if no file of one is there.

    Records that a client owns stay as they are: a partner's course in `courses.csv` only lets
    classes name it. Importing again changes only what differs.
    """
    return Import(connection, folder).run()


class Import:
    """One bundle on its way into the registry."""

    def __init__(self, connection: psycopg.Connection[Any], folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self._report = ImportReport()

    def run(self) -> ImportReport:
        """Import every file, parents before their children."""
        names = ("orgs", "academicSessions", "courses", "users", "classes", "enrollments")
        if not any((self._folder / f"{name}.csv").is_file() for name in names):
            raise UnacceptableError(
                f"{self._folder} holds none of {', '.join(f'{name}.csv' for name in names)}.",
                code="no_roster",
            )
        self._take_orgs(list(self._lines("orgs")))
        for name, kind in (("academicSessions", SESSION), ("courses", COURSE)):
            self._take_all(kind, self._lines(name), read_body)
        users = list(self._lines("users"))
        roles = self._roles()
        self._take_all(USER, iter(users), lambda line: read_user(line, roles))
        for name, kind in (("classes", CLASS), ("enrollments", ENROLLMENT)):
            self._take_all(kind, self._lines(name), read_body)
        for line in users:
            for agent in split(line.cells.get("agentSourcedIds", "")):
                self._link(line, agent)
        return self._report

    def _lines(self, name: str) -> Iterator[Line]:
        path = self._folder / f"{name}.csv"
        if not path.is_file():
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="")
            try:
                for cells in reader:
                    place = f"{path.name}:{reader.line_num}"
                    if "" in cells or None in cells.values():
                        self._refuse(place, "the line has not as many cells as the first line")
                    elif any("\x00" in cell for cell in cells.values()):
                        self._refuse(place, "the line holds the character NUL")
                    else:
                        kept = {key: cell.strip() for key, cell in cells.items() if cell.strip()}
                        yield Line(place, kept)
            except (UnicodeDecodeError, csv.Error) as error:
                self._refuse(f"{path.name}:{reader.line_num + 1}", f"cannot be read: {error}")

    def _refuse(self, place: str, reason: str) -> None:
        self._report.errors.append(f"{place}: {reason}")

    def _roles(self) -> dict[str, list[dict[str, Any]]]:
        """The roles of `roles.csv` by user."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in self._lines("roles"):
            body = read_body(line)
            user = line.cells.get("userSourcedId")
            if user is None:
                self._refuse(line.place, "userSourcedId is missing")
            elif body.get("status") != "tobedeleted":
                kept = ("role", "roleType", "org", "beginDate", "endDate")
                found[user].append({key: body[key] for key in kept if key in body})
        return found

    def _take_orgs(self, waiting: list[Line]) -> None:
        """Take orgs after their parents, in whatever order the file has them."""
        while waiting:
            ahead = {line.cells.get("sourcedId") for line in waiting}
            ready = [line for line in waiting if line.cells.get("parentSourcedId") not in ahead]
            self._take_all(ORG, iter(ready or waiting), read_body)
            waiting = [line for line in waiting if line not in ready] if ready else []

    def _take_all(
        self, kind: RecordType, lines: Iterator[Line], read: Callable[[Line], dict[str, Any]]
    ) -> None:
        for line in lines:
            self._take(line, kind, line.cells.get("sourcedId", ""), read(line))

    def _link(self, line: Line, agent: str) -> None:
        """Link a user to an agent, who sees them only if their own role says so."""
        student = line.cells.get("sourcedId", "")
        found = records.get(self._connection, "user", agent)
        held = [one.get("role") for one in found.payload.get("roles", [])] if found else []
        role = next((one for one in LINKING_ROLES if one in held), "relative")
        body = {"student": student, "agent": agent, "role": role}
        self._take(line, AGENT, agent_id(student, agent), body)

    def _take(self, line: Line, kind: RecordType, sourced_id: str, body: dict[str, Any]) -> None:
        try:
            check_sourced_id(sourced_id)
            existing = records.get(self._connection, kind.name, sourced_id)
            if existing is not None and existing.owner_client_id is not None:
                if kind is not COURSE:
                    self._refuse(line.place, f"the {kind.name} {sourced_id!r} is a client's")
                return
            if existing is not None:
                body["metadata"] = merge(
                    existing.payload.get("metadata", {}), body.get("metadata", {})
                )
            payload = normalise(kind, sourced_id, body)
            if payload["status"] == "active":
                parents.check_known(
                    self._connection, kind, payload, existing, lambda parent: not parent.is_sandbox
                )
            saved = records.put(self._connection, kind.name, sourced_id, payload)
            self._report.written += saved.is_changed
            change = role_change(existing, saved.record)
            if change is not None:
                audit.record_operator(self._connection, "role.change", change)
        except ValueError as error:
            self._refuse(line.place, f"sourcedId {sourced_id!r}: {error}")
        except AppError as error:
            faults = [f"{fault.path} {fault.message}" for fault in error.faults]
            self._refuse(line.place, "; ".join(faults) or error.detail)

"""Rosters from OneRoster 1.2 CSV bundles: each line a record of Alpha's, or a named refusal."""

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg

from core.registry.oneroster_bundle import FILES, Bundle, read_bundle
from core.registry.oneroster_lines import COLUMNS, MAY_DIFFER, by_id, ends, read_patch
from core.registry.oneroster_roles import RoleFile
from core.registry.oneroster_text import Line, Refusal, read_lines
from core.registry.oneroster_users import UserImport
from core.registry.oneroster_writer import ImportReport, RosterWriter
from core.registry.types import CLASS, COURSE, ENROLLMENT, ORG, SESSION, USER, RecordType

UNENDED = "not every line can be read, so nothing ends that the file does not name"


def import_folder(connection: psycopg.Connection[Any], folder: Path) -> ImportReport:
    """Import the bundle in a folder or a .zip; 422 if none is there.

    Records that a client owns stay as they are: a partner's course in `courses.csv` only lets
    classes name it. What a file does not say stays: a column that it lacks, a record that it does
    not name. Only where the manifest calls users, roles, classes or enrollments `bulk`, what
    imports brought for the same schools and is not there ends. A user's own line says all to
    whom they are linked. Importing again changes only what differs.
    """
    return Import(RosterWriter(connection), read_bundle(folder)).run()


class Import:
    """One bundle on its way into the registry."""

    def __init__(self, writer: RosterWriter, bundle: Bundle) -> None:
        self._writer = writer
        self._modes = bundle.modes
        self._named: dict[str, set[str]] = {}  # by file the ids of its lines
        self._unclear: set[str] = set()  # files with lines whose id cannot be known
        self._groups: dict[str, list[list[Line]]] = {}
        self._refuse(bundle.faults)
        writer.report.unread = bundle.unread
        for name in FILES:
            if name in bundle.files:
                self._read(name, *bundle.files[name])

    def run(self) -> ImportReport:
        """Import every file, parents before their children, then end what is to end."""
        self._take(ORG, self._parents_first(self._groups.get("orgs", [])))
        for kind in (SESSION, COURSE):
            self._take(kind, self._groups.get(kind.plural, []))
        self._take_users()
        for kind in (CLASS, ENROLLMENT):
            self._take(kind, self._groups.get(kind.plural, []))
        for kind in (ENROLLMENT, CLASS, USER):
            if self._is_whole(kind.plural):
                self._writer.end_missing(
                    kind.plural, kind, self._named[kind.plural], self._named.get("orgs", ())
                )
        return self._writer.finish()

    def _read(self, name: str, found: str, data: bytes) -> None:
        lines: list[Line] = []
        for line in read_lines(found, data, COLUMNS):
            if isinstance(line, Line):
                lines.append(line)
            else:
                self._refuse([line])
                self._unclear.add(name)
        self._named[name] = {line.cells["sourcedId"] for line in lines}
        if "" in self._named[name]:
            self._unclear.add(name)
        self._groups[name] = []
        may_differ = MAY_DIFFER if name == "users" else frozenset({"dateLastModified"})
        for group in by_id(lines, may_differ=may_differ):
            if isinstance(group, Refusal):
                self._refuse([group])
            else:
                self._groups[name].append(group)

    def _refuse(self, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            self._writer.refuse(refusal.place, refusal.reason)

    def _is_whole(self, name: str) -> bool:
        """Whether what a file does not name is to end: the manifest says so, and all is read."""
        if self._modes.get(name) != "bulk" or name not in self._named:
            return False
        if name in self._unclear:
            self._writer.refuse(f"{name}.csv", UNENDED)
        return name not in self._unclear

    def _take(self, kind: RecordType, groups: Iterable[Sequence[Line]]) -> None:
        taken = []
        for line, *_ in groups:
            sourced_id = line.cells["sourcedId"]
            if ends(line):
                self._writer.end(line.place, kind, sourced_id)
            elif self._writer.save(line.place, kind, sourced_id, read_patch(kind, line)):
                taken.append(sourced_id)
        if kind in (CLASS, ENROLLMENT):
            self._writer.remember(kind.plural, kind, taken)

    def _take_users(self) -> None:
        roles = RoleFile(
            self._writer,
            is_delta=self._modes.get("roles") == "delta",
            schools=self._named.get("orgs", ()),
        )
        roles.read(line for line, *_ in self._groups.get("roles", []))
        if self._is_whole("roles"):
            roles.end_missing("roles.csv", self._named["roles"])
        users = UserImport(self._writer, self._groups.get("users", []), roles)
        users.take()
        users.link()
        self._writer.remember("users", USER, users.taken)

    def _parents_first(self, groups: Sequence[list[Line]]) -> Iterable[list[Line]]:
        """Orgs after their parents, whatever the file's order; those of a cycle are refused."""
        waiting = {group[0].cells["sourcedId"] or group[0].place: group for group in groups}
        while True:
            above = {
                sourced_id: {group[0].cells.get("parentSourcedId", "")} & waiting.keys()
                for sourced_id, group in waiting.items()
            }
            try:
                return [
                    waiting[sourced_id] for sourced_id in TopologicalSorter(above).static_order()
                ]
            except CycleError as error:
                cycle = error.args[1]
                for sourced_id in cycle[1:]:
                    reason = f"parentSourcedId makes a cycle: {' > '.join(cycle)}"
                    self._writer.refuse(waiting.pop(sourced_id)[0].place, reason)

"""What an import writes: records of Alpha's, what ends, and which line brought what."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from core import audit
from core.errors import AppError
from core.registry import parents, records
from core.registry.normalise import merge, normalise
from core.registry.oneroster_text import Refusal
from core.registry.records import COLUMNS, Record, Saved
from core.registry.role_changes import role_change
from core.registry.types import COURSE, RecordType
from core.registry.values import check_sourced_id

Role = dict[str, Any]  # OneRoster 1.2 Role

REMEMBER = """
    insert into registry.imported (file, line_id, record_type, sourced_id)
    select %(file)s, sourced_id, record_type, sourced_id from registry.records
    where
        record_type = %(record_type)s and sourced_id = any(%(sourced_ids)s)
        and owner_client_id is null
    on conflict do nothing
"""
REMEMBER_ROLE = """
    insert into registry.imported as known (file, line_id, record_type, sourced_id, role)
    values ('roles', %(line_id)s, 'user', %(user_id)s, %(role)s)
    on conflict (file, line_id) do update
    set sourced_id = excluded.sourced_id, role = excluded.role
    where (known.sourced_id, known.role) is distinct from (excluded.sourced_id, excluded.role)
"""
# What earlier imports brought for the schools that this one speaks of.
MISSING = f"""
    with placed as (

        select
            records.*,
            coalesce(
                records.payload -> 'school' ->> 'sourcedId',
                records.payload -> 'primaryOrg' ->> 'sourcedId',
                class.payload -> 'school' ->> 'sourcedId'
            ) as school_id
        from registry.records as records
        left join registry.records as class
            on class.record_type = 'class'
            and class.sourced_id = records.payload -> 'class' ->> 'sourcedId'
        where records.record_type = %(record_type)s

    )

    select {COLUMNS} from placed
    where
        status = 'active' and owner_client_id is null
        and sourced_id <> all(%(sourced_ids)s)
        and (record_type, sourced_id) in (
            select record_type, sourced_id from registry.imported where file = %(file)s
        )
        and school_id in (
            select unnest(%(schools)s::text[])
            union
            select school_id from placed where sourced_id = any(%(sourced_ids)s)
        )
    order by sourced_id
"""
LINKS = f"""
    select {COLUMNS} from registry.records
    where
        record_type = 'agent' and status = 'active' and owner_client_id is null
        and sourced_id in (select sourced_id from registry.imported where file = 'agents')
        and (
            payload -> 'student' ->> 'sourcedId' = any(%(students)s)
            or payload -> 'agent' ->> 'sourcedId' = any(%(agents)s)
        )
    order by sourced_id
"""


@dataclass
class ImportReport:
    """What an import did: records that changed, `ended` among them, and what it did not take.

    `errors` are `file:line: reason`; `unread` are files about what is not kept here.
    """

    written: int = 0
    ended: int = 0
    errors: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class RosterWriter:
    """Writes what lines say into the registry; a line that cannot be taken is a refusal."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.report = ImportReport()
        self._refusals: list[Refusal] = []

    def refuse(self, place: str, reason: str) -> None:
        """Note what cannot be taken, and why."""
        self._refusals.append(Refusal(place, reason))

    def finish(self) -> ImportReport:
        """The report, refusals in the order of the files' lines."""
        for refusal in sorted(self._refusals, key=lambda refusal: refusal.order):
            self.report.errors.append(f"{refusal.place}: {refusal.reason}")
        return self.report

    def save(
        self, place: str, kind: RecordType, sourced_id: str, patch: dict[str, Any]
    ) -> Record | None:
        """Change or create a record; None if it cannot be, or is a client's."""
        try:
            check_sourced_id(sourced_id)
            existing = records.get(self.connection, kind.name, sourced_id)
            if existing is not None and existing.owner_client_id is not None:
                self._leave(place, kind, sourced_id)
                return None
            body = merge(existing.payload if existing is not None else {}, patch)
            payload = normalise(kind, sourced_id, body)
            if payload["status"] == "active":
                parents.check_known(
                    self.connection, kind, payload, existing, lambda parent: not parent.is_sandbox
                )
                parents.check_acyclic(self.connection, kind, payload)
            return self._note(
                existing, records.put(self.connection, kind.name, sourced_id, payload)
            )
        except ValueError as error:
            self.refuse(place, f"sourcedId {sourced_id!r}: {error}")
        except AppError as error:
            faults = [f"{fault.path} {fault.message}" for fault in error.faults]
            self.refuse(place, "; ".join(faults) or error.detail)
        return None

    def end(self, place: str, kind: RecordType, sourced_id: str) -> None:
        """Mark a record as `tobedeleted`; one that was never there has ended already."""
        existing = records.get(self.connection, kind.name, sourced_id) if sourced_id else None
        if not sourced_id:
            self.refuse(place, "sourcedId is missing")
        elif existing is None:
            return
        elif existing.owner_client_id is not None:
            self._leave(place, kind, sourced_id)
        elif existing.status == "active":
            self._note(existing, records.delete(self.connection, existing))

    def remember(self, file: str, kind: RecordType, sourced_ids: Collection[str]) -> None:
        """Note that an import brought these records, if they are Alpha's."""
        self.connection.execute(
            REMEMBER,
            {"file": file, "record_type": kind.name, "sourced_ids": list(sourced_ids)},
        )

    def end_missing(
        self, file: str, kind: RecordType, named: Collection[str], schools: Iterable[str]
    ) -> None:
        """End what imports brought and a whole file no longer names, in the schools it is about."""
        parameters = {
            "file": file,
            "record_type": kind.name,
            "sourced_ids": list(named),
            "schools": list(schools),
        }
        for record in self._find(MISSING, parameters):
            self._note(record, records.delete(self.connection, record))

    def links(self, *, students: Iterable[str] = (), agents: Iterable[str] = ()) -> list[Record]:
        """The links that imports brought, of these students and of those who act for them."""
        return self._find(LINKS, {"students": list(students), "agents": list(agents)})

    def imported_roles(self) -> dict[str, tuple[str, Role | None]]:
        """The user and the role of each line of `roles.csv` so far; None: it ended."""
        rows = self.connection.execute(
            "select line_id, sourced_id, role from registry.imported where file = 'roles'"
        ).fetchall()
        return {line_id: (user_id, role) for line_id, user_id, role in rows}

    def remember_role(self, line_id: str, user_id: str, role: Role | None) -> None:
        """Note which role of whom a line gave, or that it ended."""
        self.connection.execute(
            REMEMBER_ROLE,
            {
                "line_id": line_id,
                "user_id": user_id,
                "role": Jsonb(role) if role is not None else None,
            },
        )

    def _find(self, sql: str, parameters: dict[str, Any]) -> list[Record]:
        with self.connection.cursor(row_factory=class_row(Record)) as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def _leave(self, place: str, kind: RecordType, sourced_id: str) -> None:
        """A client's record stays; a partner's course only lets classes name it."""
        if kind is not COURSE:
            self.refuse(place, f"the {kind.name} {sourced_id!r} is a client's")

    def _note(self, before: Record | None, saved: Saved) -> Record:
        self.report.written += saved.is_changed
        was_active = before is not None and before.status == "active"
        self.report.ended += was_active and saved.record.status != "active"
        change = role_change(before, saved.record)
        if change is not None:
            audit.record_operator(self.connection, "role.change", change)
        return saved.record

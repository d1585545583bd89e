"""What an install holds about one student: the rows that their export is made of."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.rows import dict_row

from core.builds.reader import PublishedLake
from core.identity.people import find_person
from core.privacy.erased import Erased, keyed_hash, read_key
from core.privacy.lake_rows import is_about

Row = dict[str, Any]
ROLE_WORDS = {
    "platform_admin": "an administrator",
    "admin": "a school's administrator",
    "guide": "a guide",
    "parent": "a parent",
    "student": "the student",
}
REGISTRY = """
    select record_type, sourced_id, status, version, created_at, modified_at, payload
    from registry.records
    where
        (record_type = 'user' and sourced_id = %(id)s)
        or (record_type = 'enrollment' and payload -> 'user' ->> 'sourcedId' = %(id)s)
        or (record_type = 'agent' and payload -> 'student' ->> 'sourcedId' = %(id)s)
    order by record_type desc, sourced_id
"""
# Rows that hold the id; whom they are about is then judged by what they say.
VERSIONS = """
    select record_type, sourced_id, version, status, recorded_at, payload from raw.records
    where sourced_id = $id or contains(payload, $id) order by record_seq
"""
EVENTS = """
    select client_id, receipt_id::varchar as receipt_id, event_id, received_at, payload,
        student_ref, actor_ref
    from raw.events
    where
        contains(student_ref, $id) or contains(actor_ref, $id)
        or event_type = 'GradeEvent' and contains(payload, $id)
    order by day, event_time, journal_seq, event_index
"""
REJECTIONS = """
    select client_id, receipt_id::varchar as receipt_id, event_id, received_at, reason, message,
        payload
    from raw.rejections where contains(payload, $id) order by journal_seq, event_index
"""
READS = """
    select occurred_at, actor_kind, actor_id, action from identity.audit_log
    where student_id = %s order by occurred_at desc, audit_id desc
"""
CHUNK_ROWS = 5_000
NESTED = re.compile(r"\[\d*\]$|^STRUCT|^MAP")  # types that CSV has no form for


class StudentRows:
    """One student's rows; `is_for_staff` names those who read the student, else their roles."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        lake: PublishedLake,
        student_id: str,
        *,
        is_for_staff: bool,
    ) -> None:
        self._connection = connection
        self._lake = lake
        self.student_id = student_id
        self._is_for_staff = is_for_staff
        key = read_key(connection)
        self._self = Erased(key, frozenset([keyed_hash(key, student_id)]))  # who is sought

    def registry(self) -> Iterator[Row]:
        """The roster's records as they stand: user, enrollments, links to those who act."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            yield from cursor.execute(REGISTRY, {"id": self.student_id})

    def versions(self) -> Iterator[Row]:
        """Every version of these records that was ever written."""
        for row in self._read(VERSIONS):
            row["payload"] = json.loads(row["payload"])
            if is_about(self._self, row["record_type"], row["sourced_id"], row["payload"]):
                yield row

    def events(self) -> Iterator[Row]:
        """Events about the student, as sent."""
        for row in self._read(EVENTS):
            row["payload"] = json.loads(row["payload"])
            whom = [row.pop("student_ref"), row.pop("actor_ref"), *_parties(row["payload"])]
            if any(self._self.named(reference) for reference in whom):
                yield row

    def rejections(self) -> Iterator[Row]:
        """Refused events of the student, as sent, with the reason."""
        for row in self._read(REJECTIONS):
            row["payload"] = json.loads(row["payload"])
            if any(self._self.named(reference) for reference in _parties(row["payload"])):
                yield row

    def reads(self) -> Iterator[Row]:
        """Who read the student's records, newest first."""
        known: dict[tuple[str, str], str] = {}
        for occurred_at, kind, actor_id, action in self._connection.execute(
            READS, [self.student_id]
        ).fetchall():
            who = known.setdefault((kind, actor_id), self._actor(kind, actor_id))
            yield {"occurred_at": occurred_at, "who": who, "action": action}

    def marts(self) -> list[str]:
        """Names of the marts that have rows about students."""
        rows = self._lake.rows(
            "select table_name from duckdb_columns() where database_name = $database"
            " and schema_name = 'marts' and column_name = 'student_id' order by table_name",
            {"database": self._lake.database},
        )
        return [row["table_name"] for row in rows]

    def mart_csv(self, table: str) -> str:
        """The student's rows of a mart."""
        columns = self._lake.rows(
            "select column_name, data_type from duckdb_columns()"
            " where database_name = $database and schema_name = 'marts'"
            " and table_name = $table order by column_index",
            {"database": self._lake.database, "table": table},
        )
        listed = ", ".join(
            f'to_json("{row["column_name"]}")::varchar as "{row["column_name"]}"'
            if NESTED.search(row["data_type"])
            else f'"{row["column_name"]}"'
            for row in columns
        )
        frame = self._lake.frame(
            f'select {listed} from marts."{table}" where student_id = $id', {"id": self.student_id}
        )
        return frame.write_csv()

    def query(self, sql: str) -> list[Row]:
        """A question about the student (`$id`) to the marts."""
        return self._lake.rows(sql, {"id": self.student_id})

    def _read(self, sql: str) -> Iterator[Row]:
        result = self._lake.cursor.execute(sql, {"id": self.student_id})
        names = [column[0] for column in result.description or ()]
        while rows := result.fetchmany(CHUNK_ROWS):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def _actor(self, kind: str, actor_id: str) -> str:
        if kind == "operator":
            return f"operator {actor_id}" if self._is_for_staff else "the system's operator"
        person = find_person(self._connection, actor_id) if kind == "person" else None
        if person is None:
            return f"{kind} {actor_id}" if self._is_for_staff else "someone who is gone"
        if self._is_for_staff or person.user_id == self.student_id:
            return person.name
        held = [word for role, word in ROLE_WORDS.items() if role in person.roles]
        return held[0] if held else "someone"


def _parties(event: Any) -> Iterator[str]:
    """Whom an event names as its actor or as whom it grades."""
    if not isinstance(event, dict):
        return
    thing = event.get("object")
    sought = [event.get("actor")]
    if isinstance(thing, dict):
        sought += [thing.get("assignee"), thing.get("user")]
    for party in sought:
        reference = party.get("id") if isinstance(party, dict) else party
        if isinstance(reference, str):
            yield reference

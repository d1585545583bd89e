"""Registry records: the current state of catalog and roster, and each version on its way out.

A record and its version row are written in one statement, so that the lake never lacks a change
that a reader has seen. A write that changes nothing makes no version.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from core.errors import ConflictError
from core.privacy.erased import pseudonym_if_erased

COLUMNS = """
    record_type, sourced_id, owner_client_id, is_sandbox, status, version, created_at,
    modified_at, payload
"""

UPSERT = f"""
    with saved as (
        insert into registry.records as existing (
            record_type, sourced_id, owner_client_id, is_sandbox, status, payload
        )
        values (
            %(record_type)s, %(sourced_id)s, %(owner)s, %(is_sandbox)s, %(status)s, %(payload)s
        )
        on conflict (record_type, sourced_id) do update set
            payload = excluded.payload,
            status = excluded.status,
            version = existing.version + 1,
            modified_at = greatest(clock_timestamp(), existing.modified_at)
        where
            (existing.payload, existing.status) is distinct from (excluded.payload, excluded.status)
            and existing.owner_client_id
            is not distinct from coalesce(excluded.owner_client_id, existing.owner_client_id)
        returning {COLUMNS}
    ),

    logged as (
        insert into journal.record_versions (
            record_type, sourced_id, version, owner_client_id, is_sandbox, status, recorded_at,
            payload
        )
        select
            record_type, sourced_id, version, owner_client_id, is_sandbox, status, modified_at,
            payload
        from saved
    )

    select * from saved
"""

SELECT_ONE = f"""
    select {COLUMNS} from registry.records
    where record_type = %(record_type)s and sourced_id = %(sourced_id)s
"""


@dataclass(frozen=True)
class Record:
    """One record as it stands now. `payload` is OneRoster 1.2 JSON, references as sourcedIds."""

    record_type: str
    sourced_id: str
    owner_client_id: str | None  # None: Alpha's
    is_sandbox: bool
    status: str
    version: int
    created_at: datetime
    modified_at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True)
class Saved:
    """What a write did."""

    record: Record
    is_created: bool
    is_changed: bool


def get(
    connection: psycopg.Connection[Any], record_type: str, sourced_id: str, *, lock: bool = False
) -> Record | None:
    """The record of that type and id, deleted ones too; `lock` holds it until the commit."""
    with connection.cursor(row_factory=class_row(Record)) as cursor:
        return cursor.execute(
            SELECT_ONE + (" for update" if lock else ""),
            {"record_type": record_type, "sourced_id": sourced_id},
        ).fetchone()


def put(
    connection: psycopg.Connection[Any],
    record_type: str,
    sourced_id: str,
    payload: dict[str, Any],
    owner_client_id: str | None = None,
    is_sandbox: bool = False,
) -> Saved:
    """Create or replace a record; the caller has checked the payload and the right to write it.

    Owner and `is_sandbox` are fixed at creation. Without an owner (Alpha writes) the record's own
    owner stays. 409 `sourced_id_unavailable` if another client holds the id, or if it was a
    student's who was erased.
    """
    if record_type == "user" and pseudonym_if_erased(connection, sourced_id) is not None:
        raise taken(record_type, sourced_id)
    stored = {"status": "active", **payload, "sourcedId": sourced_id}
    with connection.cursor(row_factory=class_row(Record)) as cursor:
        written = cursor.execute(
            UPSERT,
            {
                "record_type": record_type,
                "sourced_id": sourced_id,
                "owner": owner_client_id,
                "is_sandbox": is_sandbox,
                "status": stored["status"],
                "payload": Jsonb(stored),
            },
        ).fetchone()
    if written is not None:
        return Saved(written, is_created=written.version == 1, is_changed=True)
    existing = get(connection, record_type, sourced_id)
    assert existing is not None  # noqa: S101  the upsert met it
    if owner_client_id is not None and existing.owner_client_id != owner_client_id:
        raise taken(record_type, sourced_id)
    return Saved(existing, is_created=False, is_changed=False)


def delete(connection: psycopg.Connection[Any], record: Record) -> Saved:
    """Mark a record as `tobedeleted` (OneRoster 1.2 section 3.2); history stays."""
    payload = record.payload | {"status": "tobedeleted"}
    return put(connection, record.record_type, record.sourced_id, payload)


def taken(record_type: str, sourced_id: str) -> ConflictError:
    """The refusal of an id that belongs to somebody else; it tells nothing about whose."""
    return ConflictError(
        f"The sourcedId {sourced_id} is not available for a {record_type}; choose another.",
        code="sourced_id_unavailable",
    )

"""Erasures done again on an install that was restored from an older backup."""

from typing import Any

import duckdb
import psycopg

from core.errors import ConflictError
from core.privacy import erased, erasures, ledger
from core.privacy.ledger import Entry

# Everyone whom raw rows may be about; refused events are found by their texts, once a hash is met.
KNOWN_IN_LAKE = """
    select distinct student_ref from lake.raw.events where student_ref is not null
    union
    select distinct actor_ref from lake.raw.events where actor_ref is not null
    union
    select distinct sourced_id from lake.raw.records where record_type = 'user'
    union
    select distinct payload ->> '$.actor.id' from lake.raw.rejections
    where json_valid(payload) and payload ->> '$.actor.id' is not null
    union
    select distinct payload ->> '$.actor' from lake.raw.rejections
    where json_valid(payload) and json_type(payload, '$.actor') = 'VARCHAR'
"""


def require_same_key(connection: psycopg.Connection[Any], entries: list[Entry]) -> None:
    """ConflictError if another install's key made the hashes, so that they mean nothing here."""
    ours = ledger.key_id(erased.read_key(connection))
    if any(entry.key_id != ours for entry in entries):
        raise ConflictError(
            "The file was written by another install, or the backup is older than erasures"
            " themselves: its hashes name nobody here.",
            code="other_hash_key",
        )


def take_over(
    connection: psycopg.Connection[Any], duck: duckdb.DuckDBPyConnection, entries: list[Entry]
) -> int:
    """Ask for the erasure of everyone whom the entries mean; returns of how many there is data.

    All in one transaction: until the last of them is finished nothing is served.
    """
    wanted = {entry.student_hash for entry in entries}
    found: dict[str, str] = {}
    key = erased.read_key(connection)
    for reference in _references(connection, duck):
        for student_id in erased.meanings(reference):
            student_hash = erased.keyed_hash(key, student_id)
            if student_hash in wanted:
                found[student_hash] = student_id
    with connection.transaction():
        for student_hash in sorted(wanted):
            if student_hash in found:
                erasures.ask(connection, found[student_hash], is_reapplied=True)
            else:
                erasures.refuse_for_good(connection, student_hash)
    return len(found)


def _references(connection: psycopg.Connection[Any], duck: duckdb.DuckDBPyConnection) -> set[str]:
    references = {
        sourced_id
        for (sourced_id,) in connection.execute(
            "select sourced_id from registry.records where record_type = 'user'"
            " union select user_id from identity.people where user_id is not null"
        )
    }
    references.update(found for (found,) in duck.execute(KNOWN_IN_LAKE).fetchall())
    return references

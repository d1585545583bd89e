"""Who may read names, e-mail addresses, comments and raw events by SQL: a grant to a person."""

from typing import Any
from uuid import UUID

import psycopg

from core import audit
from core.errors import NotFoundError


def may_read_names(connection: psycopg.Connection[Any], person_id: str) -> bool:
    """Whether the person holds the grant now."""
    found = connection.execute(
        "select from identity.name_readers where person_id = %s", [person_id]
    )
    return found.fetchone() is not None


def grant_names(connection: psycopg.Connection[Any], email: str) -> None:
    """Allow a person to read names; 404 if the address has no login. Goes into the audit log."""
    person_id = _person(connection, email)
    connection.execute(
        "insert into identity.name_readers (person_id) values (%s) on conflict do nothing",
        [person_id],
    )
    _note(connection, "person.grant", person_id)


def revoke_names(connection: psycopg.Connection[Any], email: str) -> None:
    """Take the grant back, from the next query on; 404 if the address has no login."""
    person_id = _person(connection, email)
    connection.execute("delete from identity.name_readers where person_id = %s", [person_id])
    _note(connection, "person.revoke", person_id)


def _person(connection: psycopg.Connection[Any], email: str) -> UUID:
    row = connection.execute(
        "select person_id from identity.people where lower(email) = lower(%s)", [email]
    ).fetchone()
    if row is None:
        raise NotFoundError(f"{email} has no login.", code="unknown_person")
    person_id: UUID = row[0]
    return person_id


def _note(connection: psycopg.Connection[Any], action: str, person_id: UUID) -> None:
    audit.record_operator(connection, action, {"grant": "names", "person_id": str(person_id)})

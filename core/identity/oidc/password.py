"""Signing in with a password, with lockout and an audit row for each attempt."""

from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from core import audit
from core.identity import lockout, people
from core.identity.people import Person


@dataclass(frozen=True)
class Attempt:
    """What came of a password: the person, or None and how many seconds to wait (0: none)."""

    person: Person | None
    wait_seconds: int = 0


def attempt(
    connection: psycopg.Connection[Any],
    email: str,
    password: str,
    *,
    address: str,
    client_id: str,
) -> Attempt:
    """Try a password; while the account or the network address must wait, none is looked at."""
    email = email.strip()
    wait = lockout.wait_seconds(connection, email, address)
    if wait:
        return Attempt(None, wait)
    person = people.sign_in(connection, email, password)
    if person is not None:
        lockout.forget_failures(connection, email)
        record_sign_in(connection, person, client_id, "password")
        return Attempt(person)
    login = people.find_login(connection, email)
    audit.record(
        connection,
        actor_kind="person",
        actor_id=login[0] if login else "unknown",
        action="sign_in.failed",
        details={"client_id": client_id},
    )
    return Attempt(None, lockout.count_failure(connection, email, address))


def record_sign_in(
    connection: psycopg.Connection[Any],
    person: Person,
    client_id: str,
    method: Literal["password", "external"],
) -> None:
    """Write down that someone signed in, in which app and how."""
    audit.record(
        connection,
        actor_kind="person",
        actor_id=str(person.person_id),
        action="sign_in",
        details={"client_id": client_id, "method": method},
    )

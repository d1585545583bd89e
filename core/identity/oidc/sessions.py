"""Sessions of browsers: who is signed in to TimeBack itself, so that apps need not ask again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from starlette.requests import Request
from starlette.responses import Response

from core.identity import opaque
from core.identity.people import Person, find_person
from core.settings import Settings

LIFE = timedelta(hours=12)
SESSION = "timeback_session"
BROWSER = "timeback_browser"  # ties forms to the browser that opened them


@dataclass(frozen=True)
class Session:
    """A person at a browser. `sid` is the claim of that name and opens nothing."""

    sid: UUID
    person_id: UUID
    signed_in_at: datetime

    @property
    def auth_time(self) -> int:
        """When they typed the password, in epoch seconds (OIDC Core section 2)."""
        return int(self.signed_in_at.timestamp())

    @property
    def age_seconds(self) -> float:
        """For how long they have been signed in."""
        return (datetime.now(UTC) - self.signed_in_at).total_seconds()


@dataclass(frozen=True)
class Signed:
    """A session and its person, who is active."""

    session: Session
    person: Person


def begin(
    connection: psycopg.Connection[Any], person: Person, previous: Signed | None
) -> tuple[Signed, str]:
    """Sign a person in; returns the session and the cookie's value, which is always new.

    `previous` is who was signed in at this browser: the same person goes on with their session,
    anyone else is signed out.
    """
    cookie = opaque.make()
    if previous is not None and previous.person.person_id == person.person_id:
        sql = (
            "update identity.sso_sessions set cookie_hash = %s, signed_in_at = now(),"
            " expires_at = now() + %s where sid = %s"
        )
        values = [opaque.digest(cookie), LIFE, previous.session.sid]
    else:
        if previous is not None:
            end(connection, str(previous.session.sid))
        sql = (
            "insert into identity.sso_sessions (cookie_hash, expires_at, person_id)"
            " values (%s, now() + %s, %s)"
        )
        values = [opaque.digest(cookie), LIFE, person.person_id]
    with connection.cursor(row_factory=class_row(Session)) as cursor:
        session = cursor.execute(sql + " returning sid, person_id, signed_in_at", values).fetchone()
    assert session is not None  # noqa: S101  written above
    connection.execute(
        "delete from identity.sso_sessions where expires_at < now() - interval '1 day'"
    )
    return Signed(session, person), cookie


def find(connection: psycopg.Connection[Any], cookie: str | None) -> Signed | None:
    """Who is signed in at the browser with this cookie, if they still are and may be."""
    if not cookie:
        return None
    with connection.cursor(row_factory=class_row(Session)) as cursor:
        session = cursor.execute(
            "select sid, person_id, signed_in_at from identity.sso_sessions"
            " where cookie_hash = %s and ended_at is null and expires_at > now()",
            [opaque.digest(cookie)],
        ).fetchone()
    if session is None:
        return None
    person = find_person(connection, str(session.person_id))
    return Signed(session, person) if person and person.status == "active" else None


def end(connection: psycopg.Connection[Any], sid: str) -> str | None:
    """Sign out, and end whatever apps were granted; returns the person's id if it was live."""
    connection.execute(
        "update identity.grants set ended_at = now(), ended_because = 'signed_out'"
        " where sid = %s and ended_at is null",
        [sid],
    )
    row = connection.execute(
        "update identity.sso_sessions set ended_at = now()"
        " where sid = %s and ended_at is null returning person_id::text",
        [sid],
    ).fetchone()
    return str(row[0]) if row else None


def read_cookie(request: Request, settings: Settings, name: str) -> str | None:
    """The value of one of our cookies."""
    return request.cookies.get(_full_name(settings, name))


def set_cookie(response: Response, settings: Settings, name: str, value: str) -> None:
    """Keep a value in the browser for as long as a session lives; scripts cannot read it.

    Over https the name begins with `__Host-`, so that no other host or subdomain can set it.
    """
    response.set_cookie(
        _full_name(settings, name),
        value,
        max_age=int(LIFE.total_seconds()),
        path="/",
        secure=_is_https(settings),
        httponly=True,
        samesite="lax",
    )


def delete_cookie(response: Response, settings: Settings, name: str) -> None:
    """Let the browser forget a value."""
    response.delete_cookie(
        _full_name(settings, name),
        path="/",
        secure=_is_https(settings),
        httponly=True,
        samesite="lax",
    )


def _is_https(settings: Settings) -> bool:
    return settings.origin.startswith("https://")


def _full_name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if _is_https(settings) else name

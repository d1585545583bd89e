"""Signing in at an external identity provider, which takes the place of our passwords.

Apps notice nothing: they talk to this install, which sends the browser on and takes it back.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import psycopg
from starlette.responses import RedirectResponse

from core.context import Context
from core.identity import opaque
from core.identity.oidc.upstream import UpstreamError, upstream
from core.identity.people import Person, find_person

UNDER_WAY = timedelta(minutes=30)
DONE = frozenset({"prompt", "max_age"})  # what the sign-in at the provider has answered


@dataclass(frozen=True)
class UnderWay:
    """A sign-in that was begun here: what proves it, and the app's request to go on with."""

    code_verifier: str
    nonce: str
    query: str


def send_on(
    context: Context,
    connection: psycopg.Connection[Any],
    browser_hash: bytes,
    query: str,
    *,
    prompt: str | None,
    login_hint: str,
) -> RedirectResponse:
    """The way to the provider; `query` is the app's request, to go on with afterwards."""
    state, nonce, code_verifier = opaque.make(), opaque.make(), opaque.make()
    url = upstream(context.settings).authorization_url(
        state=state,
        nonce=nonce,
        code_verifier=code_verifier,
        prompt=prompt,
        login_hint=login_hint or None,
    )
    connection.execute("delete from identity.external_sign_ins where expires_at < now()")
    connection.execute(
        "insert into identity.external_sign_ins (state_hash, browser_hash, code_verifier, nonce,"
        " authorize_query, expires_at) values (%s, %s, %s, %s, %s, now() + %s)",
        [opaque.digest(state), browser_hash, code_verifier, nonce, query, UNDER_WAY],
    )
    return RedirectResponse(url, 303, {"Cache-Control": "no-store"})


def take_back(connection: psycopg.Connection[Any], browser_hash: bytes, *, state: str) -> UnderWay:
    """The sign-in that this browser began with that state, once; UpstreamError if there is none."""
    row = connection.execute(
        "delete from identity.external_sign_ins"
        " where state_hash = %s and browser_hash = %s and expires_at > now()"
        " returning code_verifier, nonce, authorize_query",
        [opaque.digest(state), browser_hash],
    ).fetchone()
    if row is None:
        raise UpstreamError("This sign-in was not begun here, or is over.")
    code_verifier, nonce, query = row
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in DONE]
    return UnderWay(code_verifier, nonce, urlencode(kept))


def find_out(context: Context, under_way: UnderWay, code: str) -> dict[str, Any]:
    """Ask the provider who it is; holds no connection to the database while it waits."""
    if not code:
        raise UpstreamError("You did not finish signing in there.")
    return upstream(context.settings).claims(
        code, nonce=under_way.nonce, code_verifier=under_way.code_verifier
    )


def find_person_of(connection: psycopg.Connection[Any], claims: dict[str, Any]) -> Person | None:
    """The active person of the claim `sourcedId`, else of a verified e-mail."""
    sourced_id, email = claims.get("sourcedId"), claims.get("email")
    if isinstance(sourced_id, str) and sourced_id:
        column, value = "user_id", sourced_id
    elif isinstance(email, str) and email and claims.get("email_verified") is True:
        column, value = "lower(email)", email.lower()
    else:
        return None
    rows = connection.execute(
        f"select person_id::text from identity.people where {column} = %s and status = 'active'"
        " order by created_at limit 1",
        [value.replace("\0", "")],
    ).fetchall()
    person = find_person(connection, rows[0][0]) if rows else None
    return person if person is not None and person.status == "active" else None

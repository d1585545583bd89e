"""What apps were granted: authorization codes, and the refresh tokens made from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from core.identity import opaque
from core.identity.oidc.sessions import Session

CODE_LIFE = timedelta(seconds=60)
GRANT_LIFE = timedelta(days=30)
Reason = Literal["signed_out", "revoked", "code_replayed", "refresh_token_reused"]
COLUMNS = "grant_id, client_id, person_id, sid, scope, signed_in_at, redirect_uri,"
COLUMNS += " code_challenge, nonce"


@dataclass(frozen=True)
class Grant:
    """One authorization of one app by one person: a code and all that came of it."""

    grant_id: UUID
    client_id: str
    person_id: UUID
    sid: UUID
    scope: str
    signed_in_at: datetime
    redirect_uri: str
    code_challenge: str
    nonce: str | None


def save_code(
    connection: psycopg.Connection[Any],
    code: str,
    session: Session,
    *,
    client_id: str,
    redirect_uri: str,
    scope: str,
    code_challenge: str,
    nonce: str | None,
) -> None:
    """Keep a code that is about to be handed out; it is good for CODE_LIFE."""
    connection.execute(
        "insert into identity.grants (client_id, person_id, sid, scope, signed_in_at, code_hash,"
        " code_expires_at, redirect_uri, code_challenge, nonce, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, now() + %s, %s, %s, %s, now() + %s)",
        [
            client_id,
            session.person_id,
            session.sid,
            scope,
            session.signed_in_at,
            opaque.digest(code),
            CODE_LIFE,
            redirect_uri,
            code_challenge,
            nonce,
            GRANT_LIFE,
        ],
    )
    connection.execute("delete from identity.grants where expires_at < now() - interval '1 day'")


def take_code(connection: psycopg.Connection[Any], code: str, client_id: str) -> Grant | None:
    """The grant of a code that this client may exchange now; locks it for the transaction.

    A code that comes a second time is in wrong hands: everything made from it ends
    (RFC 6749 section 4.1.2).
    """
    row = connection.execute(
        "select grant_id, code_used_at is not null,"
        " code_expires_at > now() and ended_at is null"
        " from identity.grants where code_hash = %s and client_id = %s for update",
        [opaque.digest(code), client_id],
    ).fetchone()
    if row is None:
        return None
    grant_id, is_used, is_good = row
    if is_used:
        end(connection, grant_id, "code_replayed")
        return None
    return find(connection, grant_id) if is_good else None


def mark_code_used(connection: psycopg.Connection[Any], grant_id: UUID) -> None:
    """The code of this grant was exchanged."""
    connection.execute(
        "update identity.grants set code_used_at = now() where grant_id = %s", [grant_id]
    )


def find(connection: psycopg.Connection[Any], grant_id: UUID) -> Grant | None:
    """A grant that is still good."""
    with connection.cursor(row_factory=class_row(Grant)) as cursor:
        return cursor.execute(
            f"select {COLUMNS} from identity.grants"
            " where grant_id = %s and ended_at is null and expires_at > now()",
            [grant_id],
        ).fetchone()


def end(connection: psycopg.Connection[Any], grant_id: UUID, reason: Reason) -> None:
    """End a grant: its refresh token is worth nothing, its access tokens are refused."""
    connection.execute(
        "update identity.grants set ended_at = now(), ended_because = %s"
        " where grant_id = %s and ended_at is null",
        [reason, grant_id],
    )


def has_used(connection: psycopg.Connection[Any], sid: UUID, client_id: str) -> bool:
    """Whether the person of this session went on to this app before."""
    row = connection.execute(
        "select 1 from identity.grants where sid = %s and client_id = %s limit 1",
        [sid, client_id],
    ).fetchone()
    return row is not None


def make_refresh_token(connection: psycopg.Connection[Any], grant_id: UUID) -> str:
    """A new refresh token of a grant."""
    token = opaque.make()
    connection.execute(
        "insert into identity.refresh_tokens (token_hash, grant_id) values (%s, %s)",
        [opaque.digest(token), grant_id],
    )
    return token


def take_refresh_token(
    connection: psycopg.Connection[Any], token: str, client_id: str
) -> Grant | None:
    """The grant of a refresh token that this client may use now; locks it for the transaction.

    One that comes a second time was stolen, from the app or by it: the grant ends, and with it
    the token that is in use (RFC 9700 section 4.14.2).
    """
    row = connection.execute(
        "select grant_id, used_at is not null from identity.refresh_tokens"
        " join identity.grants using (grant_id)"
        " where token_hash = %s and client_id = %s for update",
        [opaque.digest(token), client_id],
    ).fetchone()
    if row is None:
        return None
    grant_id, is_used = row
    if is_used:
        end(connection, grant_id, "refresh_token_reused")
        return None
    return find(connection, grant_id)


def mark_refresh_token_used(connection: psycopg.Connection[Any], token: str) -> None:
    """The refresh token was exchanged for the next one."""
    connection.execute(
        "update identity.refresh_tokens set used_at = now() where token_hash = %s",
        [opaque.digest(token)],
    )


def find_by_refresh_token(connection: psycopg.Connection[Any], token: str) -> Grant | None:
    """The grant of a refresh token, used or not."""
    row = connection.execute(
        "select grant_id from identity.refresh_tokens where token_hash = %s",
        [opaque.digest(token)],
    ).fetchone()
    return find(connection, row[0]) if row else None

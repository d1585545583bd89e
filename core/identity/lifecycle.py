"""What becomes of a client after it was made: new secrets, production, the end."""

from datetime import datetime, timedelta
from typing import Any

import psycopg

from core.errors import ConflictError, NotFoundError
from core.identity.clients import Client, NewClient, add_secret, find_client
from core.registry import records


def require_client(connection: psycopg.Connection[Any], client_id: str) -> Client:
    """The active client of that id, held until the commit; 404 without it, 409 if revoked."""
    connection.execute("select from identity.clients where client_id = %s for update", [client_id])
    client = find_client(connection, client_id)
    if client is None:
        raise NotFoundError(f"There is no client {client_id}.", code="unknown_client")
    if client.status != "active":
        raise ConflictError(f"{client_id} was revoked, for good.", code="client_revoked")
    return client


def rotate_secret(
    connection: psycopg.Connection[Any], client_id: str, *, grace: timedelta
) -> tuple[NewClient, datetime | None]:
    """Give a client a new secret, good at once; returns it and when the former one ends.

    The former secret lives for `grace` or until the next rotation; without grace it ends now, and
    the time is None. Any older one ends now, so that never more than two are good.
    """
    client = require_client(connection, client_id)
    connection.execute(
        "delete from identity.client_secrets"
        " where client_id = %s and (expires_at is not null or %s)",
        [client_id, not grace],
    )
    former = connection.execute(
        "update identity.client_secrets set expires_at = now() + %s"
        " where client_id = %s returning expires_at",
        [grace, client_id],
    ).fetchone()
    return NewClient(client, add_secret(connection, client_id)), former[0] if former else None


def revoke_client(connection: psycopg.Connection[Any], client_id: str) -> Client:
    """End a client: no token is issued to it, and those it has are refused from the commit on."""
    client = require_client(connection, client_id)
    connection.execute(
        "update identity.clients set status = 'revoked' where client_id = %s", [client_id]
    )
    return client


def promote_client(connection: psycopg.Connection[Any], client_id: str) -> Client:
    """Take a testing client to production; 409 if it is none.

    Its right to write users, classes and enrollments ends with the commit. Those that it made
    stay in the sandbox, out of every school's figures.
    """
    client = require_client(connection, client_id)
    if client.mode != "testing":
        raise ConflictError(
            f"{client_id} is a client for {client.mode}; only a testing client is promoted.",
            code="not_a_testing_client",
        )
    connection.execute(
        "update identity.clients set mode = 'production', org_id = null where client_id = %s",
        [client_id],
    )
    known = records.get(connection, "client", client_id)
    if known is not None:
        records.put(
            connection,
            "client",
            client_id,
            known.payload | {"mode": "production"},
            owner_client_id=client_id,
        )
    promoted = find_client(connection, client_id)
    assert promoted is not None  # noqa: S101  held above
    return promoted


def set_scope_mode(connection: psycopg.Connection[Any], client_id: str, scope_mode: str) -> Client:
    """Say what a token carries: all that the client has (`granted`), or what it `requested`."""
    require_client(connection, client_id)
    connection.execute(
        "update identity.clients set scope_mode = %s where client_id = %s", [scope_mode, client_id]
    )
    changed = find_client(connection, client_id)
    assert changed is not None  # noqa: S101  held above
    return changed

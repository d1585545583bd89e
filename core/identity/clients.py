"""Clients: the backends of partners and of Alpha itself (OAuth 2, RFC 6749)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from core.access import ClientMode
from core.errors import UnacceptableError
from core.identity.scopes import CLIENT_SCOPES
from core.registry import records

SANDBOX_ORG = "partner-sandbox"


@dataclass(frozen=True)
class Client:
    """A registered client. `org_id` is the sandbox org of a testing client."""

    client_id: str
    name: str
    mode: ClientMode
    scopes: list[str]
    scope_mode: str
    org_id: str | None
    status: str


@dataclass(frozen=True)
class NewClient:
    """A client as it is handed over; the secret is shown this once and kept only hashed."""

    client: Client
    client_secret: str


def _hash(secret: str) -> bytes:
    """A client secret has 256 random bits, so a fast hash is as good as a slow one."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def create_client(
    connection: psycopg.Connection[Any],
    name: str,
    *,
    mode: ClientMode = "testing",
) -> NewClient:
    """Register a client and give it a secret; a testing client gets the sandbox org.

    The client is also a registry record, so that the warehouse knows its name and mode.
    """
    if not name.strip():
        raise UnacceptableError("A client needs a name.", code="name_missing")
    client_id = "tb-" + secrets.token_hex(8)
    org_id = SANDBOX_ORG if mode == "testing" else None
    connection.execute(
        "insert into identity.clients (client_id, name, mode, scopes, org_id)"
        " values (%s, %s, %s, %s, %s)",
        [client_id, name.strip(), mode, list(CLIENT_SCOPES), org_id],
    )
    secret = add_secret(connection, client_id)
    if org_id is not None and records.get(connection, "org", org_id) is None:
        sandbox = {"sourcedId": org_id, "name": "Partner sandbox", "type": "school"}
        records.put(connection, "org", org_id, sandbox, is_sandbox=True)
    payload = {
        "sourcedId": client_id,
        "name": name.strip(),
        "mode": mode,
        "defaultAppId": client_id,
    }
    records.put(
        connection,
        "client",
        client_id,
        payload,
        owner_client_id=client_id,
        is_sandbox=mode == "testing",
    )
    client = find_client(connection, client_id)
    assert client is not None  # noqa: S101  inserted above
    return NewClient(client, secret)


def add_secret(connection: psycopg.Connection[Any], client_id: str) -> str:
    """A new secret of a client, good at once."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        "insert into identity.client_secrets (client_id, secret_hash) values (%s, %s)",
        [client_id, _hash(secret)],
    )
    return secret


def find_client(connection: psycopg.Connection[Any], client_id: str) -> Client | None:
    """The client of that id, revoked or not; None if there is none."""
    with connection.cursor(row_factory=class_row(Client)) as cursor:
        return cursor.execute(
            "select client_id, name, mode, scopes, scope_mode, org_id, status"
            " from identity.clients where client_id = %s",
            [client_id],
        ).fetchone()


def list_clients(connection: psycopg.Connection[Any]) -> list[Client]:
    """Every client, by name."""
    with connection.cursor(row_factory=class_row(Client)) as cursor:
        return cursor.execute(
            "select client_id, name, mode, scopes, scope_mode, org_id, status"
            " from identity.clients order by name, client_id"
        ).fetchall()


def authenticate_client(
    connection: psycopg.Connection[Any], client_id: str, client_secret: str
) -> Client | None:
    """The active client whose secret this is, or None."""
    if "\0" in client_id or not client_id.isascii():
        return None
    digest = _hash(client_secret)
    hashes = connection.execute(
        "select secret_hash from identity.client_secrets"
        " where client_id = %s and (expires_at is null or expires_at > now())",
        [client_id],
    ).fetchall()
    is_known = any(hmac.compare_digest(digest, bytes(known)) for (known,) in hashes)
    client = find_client(connection, client_id) if is_known else None
    return client if client and client.status == "active" else None

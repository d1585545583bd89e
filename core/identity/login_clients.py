"""Login clients: apps in which people sign in with TimeBack (OIDC relying parties)."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import class_row

from core.errors import Fault, UnacceptableError

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SELECT = """
    select
        app.client_id, app.name, app.partner_client_id, app.redirect_uris,
        app.post_logout_redirect_uris, app.secret_hash is null as is_public,
        case when partner.status = 'revoked' then 'revoked' else app.status end as status
    from identity.login_clients as app
    left join identity.clients as partner on partner.client_id = app.partner_client_id
"""


@dataclass(frozen=True)
class LoginClient:
    """A registered app. `partner_client_id` is the backend of its partner; None: one of ours.

    `status` is `revoked` too while its partner is. A public client has no secret.
    """

    client_id: str
    name: str
    partner_client_id: str | None
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    is_public: bool
    status: str


@dataclass(frozen=True)
class NewLoginClient:
    """A login client as it is handed over; the secret (if any) is shown this once."""

    client: LoginClient
    client_secret: str | None


def create_login_client(
    connection: psycopg.Connection[Any],
    name: str,
    *,
    partner_client_id: str | None,
    redirect_uris: Iterable[str],
    post_logout_redirect_uris: Iterable[str] = (),
    is_public: bool = False,
) -> NewLoginClient:
    """Register an app under a new client_id.

    422 naming each redirect URI that is not https (http only on the own machine), has a
    fragment, user info or a wildcard, or if there is none at all.
    """
    client_id = "tb-login-" + secrets.token_hex(8)
    secret = None if is_public else secrets.token_urlsafe(32)
    save_login_client(
        connection,
        client_id,
        name,
        partner_client_id=partner_client_id,
        redirect_uris=list(redirect_uris),
        post_logout_redirect_uris=list(post_logout_redirect_uris),
        client_secret=secret,
    )
    client = find_login_client(connection, client_id)
    assert client is not None  # noqa: S101  saved above
    return NewLoginClient(client, secret)


def save_login_client(
    connection: psycopg.Connection[Any],
    client_id: str,
    name: str,
    *,
    partner_client_id: str | None,
    redirect_uris: list[str],
    post_logout_redirect_uris: list[str],
    client_secret: str | None,
) -> None:
    """Register an app under a known client_id, or bring it to these values; 422 as on creation."""
    faults = [
        *_faults("redirect_uris", redirect_uris, is_ours=partner_client_id is None),
        *_faults(
            "post_logout_redirect_uris",
            post_logout_redirect_uris,
            is_ours=partner_client_id is None,
        ),
    ]
    if not name.strip():
        faults.append(Fault("name", "A login client needs a name."))
    if not redirect_uris:
        faults.append(Fault("redirect_uris", "A login client needs at least one redirect URI."))
    if faults:
        raise UnacceptableError(
            "; ".join(fault.message for fault in faults),
            code="login_client_unacceptable",
            faults=tuple(faults),
        )
    connection.execute(
        "insert into identity.login_clients (client_id, name, partner_client_id, redirect_uris,"
        " post_logout_redirect_uris, secret_hash) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (client_id) do update set name = excluded.name,"
        " redirect_uris = excluded.redirect_uris,"
        " post_logout_redirect_uris = excluded.post_logout_redirect_uris,"
        " secret_hash = excluded.secret_hash",
        [
            client_id,
            name.strip(),
            partner_client_id,
            redirect_uris,
            post_logout_redirect_uris,
            _hash(client_secret) if client_secret else None,
        ],
    )


def find_login_client(connection: psycopg.Connection[Any], client_id: str) -> LoginClient | None:
    """The app of that id, revoked or not; None if there is none."""
    if "\0" in client_id:
        return None
    with connection.cursor(row_factory=class_row(LoginClient)) as cursor:
        return cursor.execute(SELECT + " where app.client_id = %s", [client_id]).fetchone()


def list_login_clients(
    connection: psycopg.Connection[Any], partner_client_id: str | None
) -> list[LoginClient]:
    """The apps of one partner (None: our own), by name."""
    with connection.cursor(row_factory=class_row(LoginClient)) as cursor:
        return cursor.execute(
            SELECT + " where app.partner_client_id is not distinct from %s"
            " order by app.name, app.client_id",
            [partner_client_id],
        ).fetchall()


def is_secret_of(connection: psycopg.Connection[Any], client_id: str, client_secret: str) -> bool:
    """Whether this is the app's secret; False for a public client, which has none."""
    row = connection.execute(
        "select secret_hash from identity.login_clients where client_id = %s", [client_id]
    ).fetchone()
    known = bytes(row[0]) if row and row[0] else b""
    return hmac.compare_digest(_hash(client_secret), known)


def _hash(secret: str) -> bytes:
    """A client secret has 256 random bits, so a fast hash is as good as a slow one."""
    return hashlib.sha256(secret.encode()).digest()


def _faults(path: str, uris: list[str], *, is_ours: bool) -> list[Fault]:
    return [
        Fault(f"{path}[{index}]", f"{uri} cannot be a redirect URI: {reason}.")
        for index, uri in enumerate(uris)
        if (reason := _why_unfit(uri, is_ours=is_ours)) is not None
    ]


def _why_unfit(uri: str, *, is_ours: bool) -> str | None:
    """What a redirect URI lacks to be matched exactly and safely (RFC 9700 section 4.1).

    Our own apps may be on plain http: that is for whoever runs the install to say.
    """
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not a URL"
    if not host or not uri.isascii() or not uri.isprintable() or " " in uri or "\\" in uri:
        return "it is not an absolute URL"
    if "*" in uri:
        return "it has a wildcard; register each URL by itself"
    if "#" in uri:
        return "it has a fragment"
    if "@" in parts.netloc:
        return "it has user info"
    may_be_plain = is_ours or host in LOOPBACK_HOSTS
    if parts.scheme == "https" or (parts.scheme == "http" and may_be_plain):
        return None
    return "it must be https (http only for localhost)"

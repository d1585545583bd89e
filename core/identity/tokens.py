"""Access tokens: signed JWTs (RFC 9068), issued to clients and people, verified on each request."""

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry
from psycopg_pool import ConnectionPool
from starlette.concurrency import run_in_threadpool

from core.access import Viewer
from core.errors import UnauthorizedError
from core.identity.clients import Client, find_client
from core.identity.keys import Keyring
from core.identity.people import Person, find_person
from core.identity.scopes import PERSON_SCOPES

AUDIENCE = "timeback"
ALGORITHM = "ES256"
RECHECK_SECONDS = 1.0  # how old a standing may be where the journal checks it once more
MOST_CACHED = 10_000


@dataclass(frozen=True)
class IssuedToken:
    """A token as `POST /auth/1.0/token` answers it. `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    scope: str


def _issue(keyring: Keyring, issuer: str, seconds: int, claims: dict[str, Any]) -> IssuedToken:
    key = keyring.signing_key()
    now = int(time.time())
    token = jwt.encode(
        {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid},
        {
            "iss": issuer,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + seconds,
            "jti": secrets.token_hex(16),
            **claims,
        },
        key,
    )
    return IssuedToken(token, seconds, claims["scope"])


def issue_to_client(
    keyring: Keyring, client: Client, scopes: list[str], *, issuer: str, seconds: int
) -> IssuedToken:
    """A token for a client's backend, good for `seconds`."""
    claims = {"sub": client.client_id, "client_id": client.client_id, "scope": " ".join(scopes)}
    return _issue(keyring, issuer, seconds, claims)


def issue_to_person(keyring: Keyring, person: Person, *, issuer: str, seconds: int) -> IssuedToken:
    """A token for a person without a browser; what it may see is looked up at each use."""
    claims = {
        "sub": str(person.person_id),
        "client_id": "timeback",
        "person": True,
        "scope": " ".join(PERSON_SCOPES),
    }
    return _issue(keyring, issuer, seconds, claims)


def issue_by_grant(
    keyring: Keyring,
    person: Person,
    *,
    client_id: str,
    grant_id: UUID,
    scope: str,
    issuer: str,
    seconds: int,
) -> IssuedToken:
    """A token for an app in which a person signed in; it ends with the grant."""
    claims = {
        "sub": str(person.person_id),
        "client_id": client_id,
        "person": True,
        "scope": scope,
        "grant": str(grant_id),
    }
    return _issue(keyring, issuer, seconds, claims)


STANDING = """
    select app.status = 'active' and coalesce(partner.status, 'active') = 'active'
    from identity.grants
    join identity.login_clients as app using (client_id)
    left join identity.clients as partner on partner.client_id = app.partner_client_id
    where grant_id = %s and ended_at is null and expires_at > now()
"""


@dataclass
class _Cached:
    kid: str
    claims: dict[str, Any]
    viewer: Viewer
    checked_at: float


class TokenVerifier:
    """Turns a token into its viewer; its signature is checked once, its standing each time."""

    def __init__(self, database: ConnectionPool, keyring: Keyring, *, issuer: str) -> None:
        self._database = database
        self._keyring = keyring
        self._issuer = issuer
        self._lock = threading.Lock()
        self._cache: dict[str, _Cached] = {}
        self._claims = JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def authenticate(self, authorization: str | None) -> Viewer:
        """The viewer of an `Authorization` header, for the busy route that takes events.

        The standing may be `RECHECK_SECONDS` old: the journal refuses what a client revoked
        meanwhile sends. It is looked up off the event loop.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("Send an access token: Authorization: Bearer …", error=None)
        recent = self._recent(token)
        return recent if recent is not None else await run_in_threadpool(self.verify, token)

    def verify(self, token: str) -> Viewer:
        """The viewer that a token speaks for; 401 if it is forged, expired or revoked by now."""
        cached = self._cache.get(token)
        if cached is not None and self._keyring.is_live(cached.kid):
            kid, claims = cached.kid, cached.claims
        else:
            kid, claims = self._decode(token)
        viewer = self._look_up(claims)
        with self._lock:
            if len(self._cache) >= MOST_CACHED:
                self._cache.clear()
            self._cache[token] = _Cached(kid, claims, viewer, time.monotonic())
        return viewer

    def grant_of(self, token: str) -> UUID | None:
        """The grant that an access token was made by; None if it is none, or not made by one."""
        try:
            _, claims = self._decode(token)
        except UnauthorizedError:
            return None
        return UUID(claims["grant"]) if "grant" in claims else None

    def _recent(self, token: str) -> Viewer | None:
        cached = self._cache.get(token)
        if (
            cached is None
            or time.monotonic() - cached.checked_at > RECHECK_SECONDS
            or time.time() >= cached.claims["exp"]
        ):
            return None
        return cached.viewer

    def _decode(self, token: str) -> tuple[str, dict[str, Any]]:
        try:
            decoded = jwt.decode(token, self._keyring.verification_keys(), [ALGORITHM])
        except (JoseError, ValueError) as error:
            raise UnauthorizedError("The access token is not one of ours.") from error
        if decoded.header.get("typ") != "at+jwt":
            raise UnauthorizedError("This is not an access token.")
        self._validate(decoded.claims)
        return str(decoded.header.get("kid", "")), decoded.claims

    def _validate(self, claims: dict[str, Any]) -> None:
        try:
            self._claims.validate(claims)
        except JoseError as error:
            raise UnauthorizedError("The access token has expired; ask for a new one.") from error

    def _look_up(self, claims: dict[str, Any]) -> Viewer:
        self._validate(claims)
        scopes = frozenset(str(claims.get("scope", "")).split())
        with self._database.connection() as connection:
            if claims.get("person"):
                self._check_grant(connection, claims)
                person = find_person(connection, claims["sub"])
                if person is None or person.status != "active":
                    raise UnauthorizedError("This login was disabled.")
                return Viewer(
                    "person",
                    claims["sub"],
                    scopes,
                    client_id=person.client_id,
                    user_id=person.user_id,
                    roles=person.roles,
                    login_client_id=claims["client_id"] if "grant" in claims else None,
                )
            client = find_client(connection, claims["sub"])
        if client is None or client.status != "active":
            raise UnauthorizedError("This client was revoked.")
        return Viewer(
            "client",
            client.client_id,
            scopes,
            client_id=client.client_id,
            mode=client.mode,
            roles=frozenset({"partner"}),
        )

    @staticmethod
    def _check_grant(connection: psycopg.Connection[Any], claims: dict[str, Any]) -> None:
        """Refuse a token whose person signed out, or whose app was revoked."""
        if "grant" not in claims:
            return
        row = connection.execute(STANDING, [claims["grant"]]).fetchone()
        if row is None or not row[0]:
            raise UnauthorizedError("This sign-in has ended; sign in again.")

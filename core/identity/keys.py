"""Signing keys: ES256 key pairs in the database, two of them live; `timeback keys rotate`.

A new key is published before it signs, so that whoever keeps a copy of the JWK set knows it by
then; the one before it goes on verifying until the next rotation.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from joserfc.jwk import ECKey, KeySet
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

RELOAD_SECONDS = 60.0
SETTLE_SECONDS = 300  # a key is published this long before it signs
LIVE_KEYS = 2

LOCK = "select pg_advisory_xact_lock(hashtext('timeback.keys'))"
LIVE = f"""
    select private_jwk, created_at < now() - interval '{SETTLE_SECONDS} seconds' as is_settled
    from identity.signing_keys where retired_at is null order by created_at desc
"""
RETIRE = """
    update identity.signing_keys set retired_at = now()
    where retired_at is null and kid not in (
        select kid from identity.signing_keys where retired_at is null
        order by created_at desc limit %s
    )
"""


@dataclass(frozen=True)
class KeyStanding:
    """A key as `timeback keys list` shows it."""

    kid: str
    created_at: datetime
    retired_at: datetime | None
    is_signing: bool


class Keyring:
    """The live keys of an install; the first use makes the first key."""

    def __init__(self, database: ConnectionPool) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._keys: list[ECKey] = []
        self._signing: ECKey | None = None
        self._loaded_at = float("-inf")

    def signing_key(self) -> ECKey:
        """The newest key that has been published long enough; else the oldest live one."""
        self._live()
        assert self._signing is not None  # noqa: S101  loaded above
        return self._signing

    def verification_keys(self) -> KeySet:
        """Every key whose tokens are still good."""
        return KeySet(list(self._live()))

    def is_live(self, kid: str) -> bool:
        """Whether tokens of that key are still good."""
        return any(key.kid == kid for key in self._live())

    def public_jwks(self) -> dict[str, Any]:
        """The public halves as a JWK set (RFC 7517)."""
        keys = [key.as_dict(private=False) | {"use": "sig", "alg": "ES256"} for key in self._live()]
        return {"keys": keys}

    def reload(self) -> None:
        """Read the keys again at the next use."""
        with self._lock:
            self._loaded_at = float("-inf")

    def _live(self) -> list[ECKey]:
        with self._lock:
            if time.monotonic() - self._loaded_at > RELOAD_SECONDS:
                self._load()
                self._loaded_at = time.monotonic()
            return self._keys

    def _load(self) -> None:
        with self._database.connection() as connection:
            rows = connection.execute(LIVE).fetchall()
            if not rows:
                connection.execute(LOCK)
                rows = connection.execute(LIVE).fetchall()
            if not rows:
                _make_key(connection)
                rows = connection.execute(LIVE).fetchall()
        self._keys = [ECKey.import_key(jwk) for jwk, _ in rows]
        settled = [key for key, (_, is_settled) in zip(self._keys, rows, strict=True) if is_settled]
        self._signing = settled[0] if settled else self._keys[-1]


def rotate(connection: psycopg.Connection[Any]) -> str:
    """Make a new key and retire all but it and the one before; returns the new key's id.

    Tokens of a retired key are refused within RELOAD_SECONDS. Twice in a row replaces every key.
    """
    connection.execute(LOCK)
    kid = _make_key(connection)
    connection.execute(RETIRE, [LIVE_KEYS])
    return kid


def list_keys(connection: psycopg.Connection[Any]) -> list[KeyStanding]:
    """Every key, the newest first."""
    rows = connection.execute(
        "select kid, created_at, retired_at,"
        " created_at < now() - make_interval(secs => %s) from identity.signing_keys"
        " order by created_at desc",
        [SETTLE_SECONDS],
    ).fetchall()
    live = [row for row in rows if row[2] is None]
    signing = next((row[0] for row in live if row[3]), live[-1][0] if live else None)
    return [KeyStanding(kid, made, retired, kid == signing) for kid, made, retired, _ in rows]


def _make_key(connection: psycopg.Connection[Any]) -> str:
    key = ECKey.generate_key("P-256", auto_kid=True)
    assert key.kid is not None  # noqa: S101  auto_kid
    connection.execute(
        "insert into identity.signing_keys (kid, private_jwk, created_at)"
        " values (%s, %s, clock_timestamp())",
        [key.kid, Jsonb(key.as_dict(private=True))],
    )
    return key.kid

"""Signing keys: ES256 key pairs in the database, the newest signs, all unretired verify."""

import threading
import time
from typing import Any

from joserfc.jwk import ECKey, KeySet
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

RELOAD_SECONDS = 60.0


class Keyring:
    """The live keys of an install; the first use makes the first key."""

    def __init__(self, database: ConnectionPool) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._keys: list[ECKey] = []
        self._loaded_at = float("-inf")

    def signing_key(self) -> ECKey:
        """The newest key."""
        return self._live()[0]

    def verification_keys(self) -> KeySet:
        """Every key whose tokens are still good."""
        return KeySet(list(self._live()))

    def public_jwks(self) -> dict[str, Any]:
        """The public halves as a JWK set (RFC 7517)."""
        keys = [key.as_dict(private=False) | {"use": "sig", "alg": "ES256"} for key in self._live()]
        return {"keys": keys}

    def _live(self) -> list[ECKey]:
        with self._lock:
            if time.monotonic() - self._loaded_at > RELOAD_SECONDS:
                self._keys = self._load()
                self._loaded_at = time.monotonic()
            return self._keys

    def _load(self) -> list[ECKey]:
        with self._database.connection() as connection:
            connection.execute("select pg_advisory_xact_lock(hashtext('timeback.keys'))")
            rows = connection.execute(
                "select private_jwk from identity.signing_keys where retired_at is null"
                " order by created_at desc"
            ).fetchall()
            if rows:
                return [ECKey.import_key(jwk) for (jwk,) in rows]
            key = ECKey.generate_key("P-256", auto_kid=True)
            connection.execute(
                "insert into identity.signing_keys (kid, private_jwk) values (%s, %s)",
                [key.kid, Jsonb(key.as_dict(private=True))],
            )
            return [key]

"""Lockout with back-off: after some wrong passwords an account, or an address, must wait.

Accounts are counted whether they exist or not, so that the answer tells nothing.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import psycopg

from core.identity.opaque import digest

Kind = Literal["account", "address"]
FORGOTTEN_AFTER = timedelta(hours=1)  # failures further apart than this start from one again


@dataclass(frozen=True)
class Limit:
    """From the `failures`-th failure on, wait: `first` s, doubling with each, at most `most` s."""

    failures: int
    first: int
    most: int

    def wait_seconds(self, failures: int) -> int:
        """How long to wait after so many failures; 0 below the limit."""
        beyond = failures - self.failures
        return 0 if beyond < 0 else min(self.most, self.first * 2 ** min(beyond, 20))


LIMITS: dict[Kind, Limit] = {
    "account": Limit(failures=5, first=30, most=900),
    "address": Limit(failures=100, first=30, most=300),  # a whole school may share one address
}


def wait_seconds(connection: psycopg.Connection[Any], account: str, address: str) -> int:
    """Seconds until this account may be tried from this address; 0: now.

    Attempts at one account come one after another, so that many at once gain nothing: while
    another attempt goes on in its own transaction, the answer is 1.
    """
    row = connection.execute(
        "select pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
        ["timeback.sign_in." + _key("account", account).hex()],
    ).fetchone()
    if row is None or not row[0]:
        return 1
    row = connection.execute(
        "select extract(epoch from max(locked_until) - now()) from identity.sign_in_failures"
        " where (kind, key_hash) in (('account', %s), ('address', %s)) and locked_until > now()",
        [_key("account", account), _key("address", address)],
    ).fetchone()
    return math.ceil(row[0]) if row and row[0] is not None else 0


def count_failure(connection: psycopg.Connection[Any], account: str, address: str) -> int:
    """Count a wrong password; returns the seconds to wait from now on."""
    return max(
        _count(connection, "account", account),
        _count(connection, "address", address),
    )


def forget_failures(connection: psycopg.Connection[Any], account: str) -> None:
    """The right password came: the account starts anew. Its address does not."""
    connection.execute(
        "delete from identity.sign_in_failures where kind = 'account' and key_hash = %s",
        [_key("account", account)],
    )


def _count(connection: psycopg.Connection[Any], kind: Kind, name: str) -> int:
    row = connection.execute(
        "insert into identity.sign_in_failures as known (kind, key_hash, failures)"
        " values (%s, %s, 1) on conflict (kind, key_hash) do update set last_failed_at = now(),"
        " failures = case when known.last_failed_at < now() - %s then 1"
        " else known.failures + 1 end returning failures",
        [kind, _key(kind, name), FORGOTTEN_AFTER],
    ).fetchone()
    assert row is not None  # noqa: S101  inserted above
    seconds = LIMITS[kind].wait_seconds(row[0])
    if seconds:
        connection.execute(
            "update identity.sign_in_failures set locked_until = now() + %s"
            " where kind = %s and key_hash = %s",
            [timedelta(seconds=seconds), kind, _key(kind, name)],
        )
    return seconds


def _key(kind: Kind, name: str) -> bytes:
    return digest(f"{kind}:{name.strip().lower()}")

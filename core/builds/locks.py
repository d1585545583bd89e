"""Advisory locks: who may load, build, or rewrite raw tables, one at a time per install."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

LOADER = "timeback.loader"
BUILD = "timeback.build"
RAW_TABLES = "timeback.raw_tables"  # a load's commit, or a compaction of raw tables
PROOF = "timeback.proof"
KEPT_BUILDS = "timeback.kept_builds"  # which builds stay readable is being decided

FENCE_POLL_SECONDS = 0.05


def hold(connection: psycopg.Connection[Any], name: str) -> None:
    """Take a lock for the life of the connection; waits until it is free."""
    connection.execute("select pg_advisory_lock(hashtext(%s))", [name])


def try_hold(connection: psycopg.Connection[Any], name: str) -> bool:
    """Take a lock for the life of the connection if it is free now."""
    row = connection.execute("select pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()
    return bool(row and row[0])


@contextmanager
def holding(connection: psycopg.Connection[Any], name: str) -> Iterator[None]:
    """Hold a lock within a block."""
    hold(connection, name)
    try:
        yield
    finally:
        release(connection, name)


def release(connection: psycopg.Connection[Any], name: str) -> None:
    """Give a held lock back."""
    connection.execute("select pg_advisory_unlock(hashtext(%s))", [name])


def fence(connection: psycopg.Connection[Any], application_name: str) -> None:
    """End the backends that a killed predecessor left and wait until none remains.

    A killed process's backend can sit in COMMIT and land later. Call it with the lock in hand and
    before the lake is attached under that name.
    """
    while connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = %s and datname = current_database() and pid <> pg_backend_pid()",
        [application_name],
    ).fetchall():
        time.sleep(FENCE_POLL_SECONDS)


def pin_build(connection: psycopg.Connection[Any], build_number: int) -> None:
    """Keep a build from being dropped for the life of the connection.

    Call it holding KEPT_BUILDS, and check in the same block that the build is still published.
    """
    connection.execute(
        "select pg_advisory_lock_shared(hashtext('timeback.pinned_build'), %s::integer)",
        [build_number],
    )


# Advisory locks of two keys: classid is the first, objid the second (PostgreSQL, pg_locks).
PINNED_BUILDS = """
    select objid::bigint from pg_locks
    where
        locktype = 'advisory'
        and objsubid = 2
        and classid = (hashtext('timeback.pinned_build')::bigint & 4294967295)::oid
        and database = (select oid from pg_database where datname = current_database())
"""

"""Bringing what waits in the journal into the lake, whoever loads."""

import time

import psycopg

from core.settings import Settings
from ingest.loader import Loader, LoaderRunningError

POLL_SECONDS = 0.2
NEWEST = """
    select
        (select coalesce(max(seq), 0) from journal.requests),
        (select coalesce(max(seq), 0) from journal.record_versions),
        (select coalesce(sum(event_count), 0) from journal.requests)
"""
WAITING = """
    select 1
    where
        exists (select from journal.requests where seq <= %s)
        or exists (select from journal.record_versions where seq <= %s)
"""


def drain(settings: Settings, url: str) -> int:
    """Load all that the journal holds now, or wait until the running loader has; returns rows."""
    try:
        with Loader(settings, wait=False) as loader:
            return loader.drain()
    except LoaderRunningError:
        return wait_until_drained(url)


def wait_until_drained(url: str) -> int:
    """Wait for the running loader to take what the journal holds now; returns its events."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(NEWEST).fetchone()
        assert row is not None  # noqa: S101  one row, always
        request, record, count = row
        while connection.execute(WAITING, [request, record]).fetchone():
            time.sleep(POLL_SECONDS)
    return int(count)

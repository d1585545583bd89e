"""Fills the journal as the API would have, without HTTP: for benchmarks of what comes after it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

import psycopg

COPY = (
    "copy journal.requests (receipt_id, client_id, received_at, event_count, body)"
    " from stdin (format binary)"
)
TYPES = ("uuid", "text", "timestamptz", "int4", "bytea")

Request = tuple[str, int, bytes]  # client_id, events, body


def fill(url: str, requests: Iterable[Request]) -> int:
    """Write requests that passed the door whole; returns how many events they hold."""
    total = 0
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy(COPY) as copy,
    ):
        copy.set_types(TYPES)
        for client_id, count, body in requests:
            copy.write_row((uuid4(), client_id, datetime.now(UTC), count, body))
            total += count
    return total

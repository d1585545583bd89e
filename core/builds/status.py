"""How fresh the figures are: what waits, what was loaded, what was built."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Status:
    """Counts and instants that tell an operator whether data flows."""

    waiting_events: int
    last_load_id: int
    loaded_at: datetime | None
    failed_builds: int


def read_status(connection: psycopg.Connection[Any]) -> Status:
    """The install's state now; `failed_builds` counts those since the last published one."""
    with connection.cursor(row_factory=class_row(Status)) as cursor:
        found = cursor.execute(
            """
            select
                (select coalesce(sum(event_count), 0)::bigint from journal.requests)
                    as waiting_events,
                progress.last_load_id,
                progress.loaded_at,
                (
                    select count(*) from publishing.builds
                    where status = 'failed' and build_number > coalesce(
                        (select max(build_number) from publishing.builds
                         where status = 'published'), 0)
                ) as failed_builds
            from journal.progress
            """
        ).fetchone()
    assert found is not None  # noqa: S101  the table has exactly one row
    return found

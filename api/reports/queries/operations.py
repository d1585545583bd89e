"""Journal, loads, builds and verdicts: whether everything that was sent is counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from core.builds.reader import LakeReader, PublishedLake

Rows = list[dict[str, Any]]
BUILDS_SHOWN = 40

JOURNAL = """
select
    count(*) as waiting_requests,
    coalesce(sum(event_count), 0)::bigint as waiting_events,
    min(received_at) as oldest_at
from journal.requests
where client_id = %(client)s or %(client)s::text is null
"""

LOADED_SINCE = """
select count(*) from events
where load_id > $load_id and (client_id = $client or $client is null)
"""

BUILDS = """
select
    build_number, build_id, status, full_refresh, as_of, started_at, finished_at,
    extract(epoch from finished_at - started_at)::double precision as duration_seconds,
    details
from publishing.builds
order by build_number desc
limit %(count)s
"""

VERDICTS = """
select
    cast(verdicts.received_at as date) as received_on,
    verdicts.client_id,
    verdicts.verdict, verdicts.reason, count(*) as event_count
from fct_event_verdicts as verdicts
where
    verdicts.received_at >= cast($since as timestamptz)
    and (
        $is_everything
        or verdicts.student_id in (select unnest(cast($students as varchar[])))
    )
group by received_on, verdicts.client_id, verdicts.verdict, verdicts.reason
order by received_on, verdicts.client_id, verdicts.verdict, verdicts.reason
"""


def journal(connection: psycopg.Connection[Any], client_id: str | None) -> dict[str, Any]:
    """What waits in the journal: of one client, or of all."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(JOURNAL, {"client": client_id}).fetchone()
    assert row is not None  # noqa: S101  an aggregate always answers
    return row


def loaded_since(
    connection: psycopg.Connection[Any], reader: LakeReader, build_id: str, client_id: str | None
) -> int:
    """Events of one client or of all that lie in the lake and that the build did not read."""
    last = connection.execute(
        "select (details ->> 'last_load_id')::bigint from publishing.builds where build_id = %s",
        [build_id],
    ).fetchone()
    with reader.newest() as cursor:
        row = cursor.execute(
            LOADED_SINCE, {"load_id": last[0] or 0 if last else 0, "client": client_id}
        ).fetchone()
    assert row is not None  # noqa: S101  an aggregate always answers
    return int(row[0])


def builds(connection: psycopg.Connection[Any]) -> Rows:
    """The newest builds, newest first, published or not."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(BUILDS, {"count": BUILDS_SHOWN}).fetchall()


def verdicts(
    lake: PublishedLake, since: datetime, students: Sequence[str], *, is_everything: bool
) -> Rows:
    """Verdicts by UTC day and partner: all of them, or those about `students`."""
    return lake.rows(
        VERDICTS,
        {"since": since, "students": list(students), "is_everything": is_everything},
    )

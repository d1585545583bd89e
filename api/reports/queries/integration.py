"""A partner's own events: verdicts, reasons, types seen, samples. Its own figures only."""

from datetime import datetime
from typing import Any

from core.access import Sight
from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]
SAMPLES_SHOWN = 25

DAYS = """
select received_on, partner_verdict as verdict, sum(event_count) as event_count
from agg_client_day__verdicts
where client_id = $client and received_on >= cast($since as date)
group by received_on, partner_verdict
order by received_on, partner_verdict
"""

UNPROCESSED = """
select
    event_type, sum(event_count) as event_count, max(last_received_at) as last_received_at
from agg_client_day__verdicts
where
    client_id = $client and received_on >= cast($since as date)
    and partner_verdict = 'unprocessed' and event_type is not null
group by event_type
order by event_count desc, event_type
"""

REASONS = """
select
    partner_verdict as verdict, coalesce(partner_reason, partner_verdict) as reason,
    sum(event_count) as event_count, max(last_received_at) as last_received_at
from agg_client_day__verdicts
where
    client_id = $client and received_on >= cast($since as date)
    and partner_verdict not in ('accepted', 'unprocessed')
group by partner_verdict, partner_reason
order by partner_verdict = 'duplicate', event_count desc, reason
"""

EVENT_TYPES = """
select
    event_type,
    coalesce(sum(event_count) filter (partner_verdict = 'accepted'), 0) as accepted_count,
    coalesce(sum(event_count) filter (partner_verdict <> 'accepted'), 0) as other_count,
    max(last_received_at) as last_received_at
from agg_client_day__verdicts
where client_id = $client and event_type is not null
group by event_type
order by event_type
"""

# The newest of each reason first, so that a flood of one does not hide the others.
SAMPLES = """
with refused as (

    select
        event_id, cast(receipt_id as varchar) as receipt_id, event_index, event_type, received_at,
        partner_verdict as verdict, coalesce(partner_reason, partner_verdict) as reason,
        error_path as path, message, journal_seq,
        row_number() over (
            partition by partner_verdict, partner_reason
            order by received_at desc, journal_seq desc, event_index
        ) as recency
    from fct_event_verdicts
    where
        client_id = $client and received_at >= cast($since as timestamptz)
        and partner_verdict in ('rejected', 'quarantined', 'conflict')

)

select
    event_id, receipt_id, event_index, event_type, received_at, verdict, reason,
    case when verdict = 'rejected' then path end as path,
    case when verdict = 'rejected' then message end as message
from refused
order by recency, received_at desc, journal_seq desc, event_index
limit cast($count as integer)
"""

SESSIONS = """
select
    count(*) as session_count,
    count(*) filter (end_reason not in ('logged_out', 'timed_out')) as without_logout_count
from fct_sessions
where
    end_reason <> 'open' and started_at >= cast($since as timestamptz) and {sight}
"""


def since(lake: PublishedLake, sql: str, client_id: str, start: datetime) -> Rows:
    """One of this module's queries for what came at or after `start`."""
    return lake.rows(sql, {"client": client_id, "since": start})


def samples(lake: PublishedLake, client_id: str, start: datetime) -> Rows:
    """Newest refused and waiting events, every reason represented."""
    return lake.rows(SAMPLES, {"client": client_id, "since": start, "count": SAMPLES_SHOWN})


def event_types(lake: PublishedLake, client_id: str) -> Rows:
    """Event types that the partner ever sent."""
    return lake.rows(EVENT_TYPES, {"client": client_id})


def sessions(lake: PublishedLake, sight: Sight, start: datetime) -> dict[str, Any]:
    """How many sessions of students that the partner knows ended, and how many without a logout."""
    seen = sight.facts("fct_sessions")
    (row,) = lake.rows(SESSIONS.format(sight=seen.sql), {**seen.parameters, "since": start})
    count = row["session_count"]
    ratio = row["without_logout_count"] / count if count else None
    return {**row, "without_logout_ratio": ratio}

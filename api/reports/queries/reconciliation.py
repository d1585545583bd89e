"""What a partner says it sent beside what the warehouse has of it."""

from datetime import date, datetime
from typing import Any

import polars as pl

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]
MOST_SHOWN = 10_000  # events of each difference; the counts cover all

# Of the arrivals of one id the one that counts comes first.
RANK = "case partner_verdict when 'accepted' then 0 when 'duplicate' then 2 else 1 end"

EVENTS = f"""
with known as (

    select
        event_id, event_type, received_at, partner_verdict as verdict, partner_reason as reason
    from fct_event_verdicts
    where
        client_id = $client and received_at >= cast($since as timestamptz)
        and event_id is not null
    qualify row_number() over (
        partition by event_id order by {RANK}, received_at, journal_seq, event_index
    ) = 1

),

span as (

    select min(received_at) as first_at, max(received_at) as last_at
    from known
    where event_id in (select event_id from sent_ids)

),

compared as (

    select
        coalesce(sent_ids.event_id, known.event_id) as event_id,
        known.event_type,
        known.received_at,
        case
            when known.event_id is not null then known.verdict
            when waiting_ids.event_id is not null then 'waiting'
        end as verdict,
        known.reason,
        case
            when sent_ids.event_id is null then 'unknown'
            when known.event_id is null and waiting_ids.event_id is not null then 'waiting'
            when known.event_id is null then 'missing'
            when known.verdict in ('accepted', 'duplicate') then 'accepted'
            else 'not_accepted'
        end as difference
    from sent_ids
    full join known on known.event_id = sent_ids.event_id
    left join waiting_ids on waiting_ids.event_id = sent_ids.event_id
    where
        sent_ids.event_id is not null
        or known.received_at between (select first_at from span) and (select last_at from span)

)

select *, count(*) over (partition by difference) as difference_count
from compared
qualify
    row_number() over (partition by difference order by received_at, event_id)
    <= if(difference = 'accepted', 1, {MOST_SHOWN})
order by
    list_position(['missing', 'not_accepted', 'unknown', 'waiting', 'accepted'], difference),
    received_at, event_id
"""

DAYS = """
with days as (

    select
        received_on,
        if($is_by_type, event_type, null) as event_type,
        sum(event_count) filter (partner_verdict <> 'duplicate') as arrived_count,
        sum(event_count) filter (partner_verdict = 'accepted') as accepted_count,
        sum(event_count) filter (partner_verdict = 'duplicate') as duplicate_count
    from agg_client_day__verdicts
    where client_id = $client and received_on between $first and $last
    group by all

),

waiting as (

    select
        received_on,
        if($is_by_type, event_type, null) as event_type,
        count(*) as waiting_count
    from waiting_days
    where received_on between $first and $last
    group by all

)

select
    coalesce(sent.received_on, days.received_on, waiting.received_on) as received_on,
    coalesce(sent.event_type, days.event_type, waiting.event_type) as event_type,
    coalesce(sent_count, 0) as sent_count,
    coalesce(arrived_count, 0) as arrived_count,
    coalesce(accepted_count, 0) as accepted_count,
    coalesce(duplicate_count, 0) as duplicate_count,
    coalesce(waiting_count, 0) as waiting_count,
    coalesce(sent_count, 0) - coalesce(arrived_count, 0) - coalesce(waiting_count, 0)
        as missing_count
from sent_days as sent
full join days
    on days.received_on = sent.received_on and days.event_type is not distinct from sent.event_type
full join waiting
    on waiting.received_on = coalesce(sent.received_on, days.received_on)
    and waiting.event_type is not distinct from coalesce(sent.event_type, days.event_type)
order by received_on, event_type nulls last
"""


def events(
    lake: PublishedLake, client_id: str, sent: pl.DataFrame, waiting: pl.DataFrame, since: datetime
) -> Rows:
    """Events that differ, with one row of those that don't, each with its group's whole count.

    `unknown` are events that arrived between the first and the last of those sent.
    """
    tables = {"sent_ids": sent, "waiting_ids": waiting.select("event_id").drop_nulls().unique()}
    return _beside(lake, tables, EVENTS, {"client": client_id, "since": since})


def days(lake: PublishedLake, client_id: str, sent: pl.DataFrame, waiting: pl.DataFrame) -> Rows:
    """Counts by the UTC day of arrival, by event type if the sheet has types."""
    first, last = sent["received_on"].min(), sent["received_on"].max()
    assert isinstance(first, date)  # noqa: S101  the sheet is not empty
    assert isinstance(last, date)  # noqa: S101
    parameters = {
        "client": client_id,
        "first": first,
        "last": last,
        "is_by_type": sent["event_type"].is_not_null().any(),
    }
    return _beside(lake, {"sent_days": sent, "waiting_days": waiting}, DAYS, parameters)


def _beside(
    lake: PublishedLake, tables: dict[str, pl.DataFrame], sql: str, parameters: dict[str, Any]
) -> Rows:
    """Run a query that sees these frames as tables, in memory and for this query alone."""
    for name, frame in tables.items():
        lake.cursor.register(name, frame.to_arrow())
    try:
        return lake.rows(sql, parameters)
    finally:
        for name in tables:
            lake.cursor.unregister(name)

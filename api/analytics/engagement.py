"""Engagement facts, read from `fct_engagement`: views, assignments, questions, assessments."""

from dataclasses import dataclass

from api.formats import Listing, read_listing
from api.paging import Page
from api.periods import Period
from api.reading import Reading
from core.access import Condition, all_of

FACTS = """
    select
        fact.fact_id, fact.fact_type, fact.student_id, fact.app_id, fact.course_id, fact.lesson_id,
        fact.subject, fact.session_id, fact.object_ref, fact.object_name, fact.state,
        fact.started_at, fact.ended_at, fact.local_on, fact.seconds, fact.is_correct,
        fact.score_given, fact.max_score, fact.source_event_id, count(*) over () as list_total
    from marts.fct_engagement as fact
    where {where}
    order by fact.local_on desc, coalesce(fact.ended_at, fact.started_at) desc, fact.fact_id
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from marts.fct_engagement as fact where {where}"

# A fact's day is that of the event that it is named by, so another zone asks for that event.
REGROUPED = """
    exists (
        select 1 from marts.fct_event_verdicts as event
        where
            event.student_id = fact.student_id and event.client_id = fact.client_id
            and event.event_id = fact.source_event_id and event.verdict = 'accepted'
            and (event.occurred_at at time zone $timezone)::date between $start_on and $end_on
    )
"""


@dataclass(frozen=True)
class FactFilter:
    """Which facts: of one student or of all that the viewer sees, of a kind, in these days."""

    student_id: str | None
    days: Period | None
    is_regrouped: bool
    equal: dict[str, str | None]  # column -> the value asked for, None if any


def facts(reading: Reading, chosen: FactFilter, page: Page) -> Listing:
    """One page of facts, newest day first; ties break by fact id."""
    student = chosen.student_id
    where = all_of(
        reading.sight.facts("fact", by_id=student is not None),
        Condition("fact.student_id = $student_id", {"student_id": student}) if student else None,
        *(
            Condition(f"fact.{column} = ${column}", {column: value})
            for column, value in chosen.equal.items()
            if value is not None
        ),
        _in_days(chosen),
    )
    return read_listing(
        reading.lake,
        FACTS.format(where=where.sql),
        COUNT.format(where=where.sql),
        where.parameters,
        page,
    )


def _in_days(chosen: FactFilter) -> Condition | None:
    if chosen.days is None:
        return None
    if not chosen.is_regrouped:
        return Condition("fact.local_on between $start_on and $end_on", chosen.days.parameters)
    return Condition(REGROUPED, {**chosen.days.parameters, "timezone": chosen.days.zone.key})

"""The XP ledger, read from `fct_xp_ledger`."""

from dataclasses import dataclass

from api.formats import Listing, read_listing
from api.paging import Page
from api.periods import Period
from api.reading import Reading
from core.access import Condition, all_of

ENTRIES = """
    select
        ledger.entry_id, ledger.xp::double as xp, ledger.student_id, ledger.app_id,
        ledger.source_event_id, ledger.earned_at, ledger.earned_on, ledger.subject,
        courses.course_title, ledger.course_id, ledger.lesson_id, ledger.enrollment_id,
        ledger.kind, ledger.status, ledger.restated_at, {review}, count(*) over () as list_total
    from marts.fct_xp_ledger as ledger
    left join marts.dim_courses as courses on ledger.course_id = courses.course_id
    where {where}
    order by ledger.earned_at desc, ledger.entry_id desc
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from marts.fct_xp_ledger as ledger where {where}"

REVIEW = """
    ledger.is_review, ledger.review_reason, ledger.review_xp::double as review_xp,
    ledger.review_active_minutes
"""
NO_REVIEW = """
    null::boolean as is_review, null::varchar as review_reason, null::double as review_xp,
    null::double as review_active_minutes
"""


@dataclass(frozen=True)
class EntryFilter:
    """Which entries of a student: `days` in `zone` (None: the school's own days), one app."""

    days: Period | None
    is_regrouped: bool
    app_id: str | None


def entries(reading: Reading, student_id: str, chosen: EntryFilter, page: Page) -> Listing:
    """One page of a student's entries, newest first; ties break by entry id."""
    where = all_of(
        Condition("ledger.student_id = $student_id", {"student_id": student_id}),
        reading.sight.own("ledger"),
        _in_days(chosen),
        Condition("ledger.app_id = $app_id", {"app_id": chosen.app_id}) if chosen.app_id else None,
    )
    review = NO_REVIEW if reading.sight.is_partner else REVIEW
    return read_listing(
        reading.lake,
        ENTRIES.format(where=where.sql, review=review),
        COUNT.format(where=where.sql),
        where.parameters,
        page,
    )


def _in_days(chosen: EntryFilter) -> Condition | None:
    if chosen.days is None:
        return None
    if not chosen.is_regrouped:
        return Condition("ledger.earned_on between $start_on and $end_on", chosen.days.parameters)
    return Condition(
        "(ledger.earned_at at time zone $timezone)::date between $start_on and $end_on",
        {**chosen.days.parameters, "timezone": chosen.days.zone.key},
    )

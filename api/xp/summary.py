"""A student's XP by day and subject, beside the day's goals."""

from api.formats import Listing, read_listing
from api.goals import goal_rows
from api.paging import Page
from api.periods import Period
from api.reading import Reading
from core.access import Condition, all_of

# `grouping sets` makes the whole day a subject of its own, 'All'.
WITH = """
    with earned as (
        select
            {day} as local_on,
            if(grouping(ledger.subject) = 1, 'All', nullif(ledger.subject, 'All')) as subject,
            sum(ledger.xp)::double as xp,
            coalesce(sum(ledger.xp) filter (where ledger.status = 'pending_enrollment'), 0)::double
                as pending_xp,
            count(*) as entry_count, max(ledger.restated_at) as restated_at, {review}
        from marts.fct_xp_ledger as ledger
        where {where} and {day} between $start_on and $end_on
        group by grouping sets (({day}, ledger.subject), ({day}))
    ),

    goals as (
        select
            local_on, subject, sum(goal_xp) as goal_xp, min(goal_source) as goal_source,
            sum(earned_xp) as goal_earned_xp, bool_and(is_school_day) as is_school_day,
            min(streak_days) as streak_days,
            case when count(*) = 1 then min(status)
                when sum(earned_xp) >= sum(goal_xp) then 'met'
                when sum(earned_xp) = 0 then 'not_started'
                else 'behind'
            end as status
        from ({goals}) as goal
        group by local_on, subject
    ),

    summary as (
        select
            local_on, subject, coalesce(earned.xp, 0) as xp,
            coalesce(earned.pending_xp, 0) as pending_xp,
            coalesce(earned.entry_count, 0) as entry_count, goals.goal_xp, goals.goal_source,
            coalesce(goals.goal_earned_xp, 0) as goal_earned_xp,
            coalesce(goals.status, 'no_goal') as status, goals.is_school_day, goals.streak_days,
            earned.restated_at, {count} as review_count, earned.review_reason
        from earned
        full join goals using (local_on, subject)
        where subject is not null
    )
"""

ROWS = """
    select *, count(*) over () as list_total from summary
    order by local_on desc, subject <> 'All', subject
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from summary"

REVIEW = """
    count_if(ledger.is_review) as review_count,
    string_agg(distinct ledger.review_reason, ', ' order by ledger.review_reason)
        filter (where ledger.is_review) as review_reason
"""
NO_REVIEW = "null::bigint as review_count, null::varchar as review_reason"


def summary(
    reading: Reading,
    student_id: str,
    days: Period,
    goal_days: Period,
    page: Page,
    *,
    is_regrouped: bool,
    app_id: str | None,
) -> Listing:
    """One page of a student's days, newest first: the whole day, then its subjects by name.

    XP is that of `days` (in its zone if `is_regrouped`) and of `app_id`; the goals are those of
    `goal_days`, days of the school. Flags rest on all apps, so they are null to a partner.
    """
    day = "(ledger.earned_at at time zone $zone)::date" if is_regrouped else "ledger.earned_on"
    where = all_of(
        Condition("ledger.student_id = $student_id", {"student_id": student_id}),
        reading.sight.own("ledger"),
        Condition("ledger.app_id = $app_id", {"app_id": app_id}) if app_id is not None else None,
    )
    goals = goal_rows(reading, student_id, goal_days)
    is_partner = reading.sight.is_partner
    sql = WITH.format(
        day=day,
        where=where.sql,
        goals=goals.sql,
        review=NO_REVIEW if is_partner else REVIEW,
        count="null::bigint" if is_partner else "coalesce(earned.review_count, 0)",
    )
    parameters = where.parameters | goals.parameters | days.parameters
    if is_regrouped:
        parameters["zone"] = days.zone.key
    return read_listing(reading.lake, sql + ROWS, sql + COUNT, parameters, page)

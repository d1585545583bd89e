"""A student's days: XP, questions, mastery and seconds by day, subject, app and lesson.

Stored days are those of the student's school (`agg_student_day_lesson__activity`). Another time
zone regroups what has an instant: seconds, events and XP; questions go with their events, and
mastery keeps the school's day.
"""

import polars as pl

from api.periods import Period
from api.reading import Reading
from core.access import Condition, all_of

COLUMNS = """
    local_on, coalesce(subject, 'Other') as subject, app_id, course_id, lesson_id,
    sum(xp)::double as xp, sum(total_questions)::bigint as total_questions,
    sum(scored_questions)::bigint as scored_questions,
    sum(correct_questions)::bigint as correct_questions,
    sum(mastered_lessons)::bigint as mastered_lessons,
    coalesce(sum(active_seconds), 0)::double as active_seconds,
    coalesce(sum(idle_seconds), 0)::double as idle_seconds,
    coalesce(sum(app_active_seconds), 0)::double as app_active_seconds,
    coalesce(sum(app_idle_seconds), 0)::double as app_idle_seconds,
    sum(event_count)::bigint as event_count, max(restated_at) as restated_at
"""

STORED = """
    with facts as (
        select
            * replace (
                {whole}active_seconds as active_seconds, {whole}idle_seconds as idle_seconds
            ),
            {app}active_seconds as app_active_seconds, {app}idle_seconds as app_idle_seconds
        from marts.agg_student_day_lesson__activity as activity
        where {where} and activity.local_on between $start_on and $end_on
    )
    select {columns} from facts group by all
    order by local_on, subject, app_id, course_id, lesson_id
"""

REGROUPED = """
    with segments as (
        select
            segment.*,
            unnest(generate_series(
                (segment.started_at at time zone $timezone)::date::timestamp,
                (segment.ended_at at time zone $timezone)::date::timestamp,
                interval 1 day
            )) as local_at
        from marts.fct_activity_segments as segment
        where {segments}
    ),

    pieces as (
        select
            *, epoch(ended_at) - epoch(started_at) as whole,
            epoch(least(ended_at, (local_at + interval 1 day) at time zone $timezone))
            - epoch(greatest(started_at, local_at at time zone $timezone)) as part
        from segments
    ),

    facts as (
        select
            local_at::date as local_on, subject, app_id, course_id, lesson_id, 0 as xp,
            0 as total_questions, 0 as scored_questions, 0 as correct_questions,
            0 as mastered_lessons,
            if(state = 'active' and {counted}, seconds * part / whole, 0) as active_seconds,
            if(state = 'idle' and {counted}, seconds * part / whole, 0) as idle_seconds,
            if(state = 'active' and {app}, seconds * part / whole, 0) as app_active_seconds,
            if(state = 'idle' and {app}, seconds * part / whole, 0) as app_idle_seconds,
            0 as event_count,
            null::timestamptz as restated_at
        from pieces
        where part > 0
        union all
        select
            (earned_at at time zone $timezone)::date, subject, app_id, course_id, lesson_id, xp,
            0, 0, 0, 0, 0, 0, 0, 0, 0, restated_at
        from marts.fct_xp_ledger as ledger
        where {ledger}
        union all
        select
            (answered_at at time zone $timezone)::date, subject, app_id, course_id, lesson_id, 0,
            1, is_scored::int, coalesce(is_correct, false)::int, 0, 0, 0, 0, 0, 0, null
        from marts.fct_item_responses as response
        where {responses}
        union all
        select
            local_on, subject, app_id, course_id, lesson_id, 0, 0, 0, 0, mastered_lessons, 0, 0, 0,
            0, 0, null
        from marts.agg_student_day_lesson__activity as activity
        where {activity} and mastered_lessons > 0
        union all
        select
            (occurred_at at time zone $timezone)::date, course.subject, verdict.app_id,
            verdict.course_id, verdict.lesson_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, null
        from marts.fct_event_verdicts as verdict
        left join marts.dim_courses as course using (course_id)
        where {verdicts} and verdict.verdict = 'accepted'
    )

    select {columns} from facts
    where local_on between $start_on and $end_on
    group by all
    order by local_on, subject, app_id, course_id, lesson_id
"""


def daily_facts(
    reading: Reading, student_id: str, days: Period, *, is_regrouped: bool
) -> pl.DataFrame:
    """One row per local day, subject, app, course and lesson with anything in it.

    Seconds count once on the student's clock; for a partner, once among the sessions of its own
    apps (ruling d), while `app_active_seconds` and `app_idle_seconds` are each app's own. With
    `is_regrouped` the days are those of `days.zone`, else of the student's school.
    """
    student = Condition("student_id = $student_id", {"student_id": student_id})

    def of(table: str) -> Condition:
        return all_of(student, reading.sight.own(table))

    parameters = of("any").parameters | days.parameters
    if not is_regrouped:
        whole, app = ("client_", "own_") if reading.sight.is_partner else ("", "")
        sql = STORED.format(columns=COLUMNS, where=of("activity").sql, whole=whole, app=app)
        return reading.lake.frame(sql, parameters)
    counted, app = "is_counted", "is_counted"
    if reading.sight.is_partner:
        counted, app = "is_counted_for_client", "true"
    sql = REGROUPED.format(
        columns=COLUMNS,
        counted=counted,
        app=app,
        segments=of("segment").sql,
        ledger=of("ledger").sql,
        responses=of("response").sql,
        activity=of("activity").sql,
        verdicts=of("verdict").sql,
    )
    return reading.lake.frame(sql, parameters | {"timezone": days.zone.key})

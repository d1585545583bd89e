"""Where students stand on a day: goal, XP, time, last activity, flags."""

from collections import defaultdict
from datetime import UTC, date, timedelta
from typing import Any

from api.reports.queries.apps import AppNames, named
from api.reports.schemas.learning import Flag, Standing
from api.reports.wording import flag_text
from core.builds.reader import PublishedLake

SEEN_WITHIN = timedelta(days=92)  # longer ago than the longest holidays, when seen matters no more
ONE_DAY = timedelta(days=1)  # no zone's date is further from that of UTC

# A day is each student's own: the school's local date at the build's instant, unless one is given.
# The days around are given too, as numbers, so that no older file is read.
STANDINGS = """
with students as (

    select
        dim_students.student_id,
        trim(concat_ws(' ', dim_students.given_name, dim_students.family_name)) as name,
        dim_students.grade,
        dim_students.school_id,
        dim_schools.school_name,
        dim_students.timezone,
        coalesce(
            cast($day as date),
            cast(timezone(dim_students.timezone, cast($as_of as timestamptz)) as date)
        ) as local_on
    from dim_students
    left join dim_schools on dim_schools.school_id = dim_students.school_id
    where dim_students.student_id in (select unnest(cast($students as varchar[])))

),

goals as (

    select student_id, local_on, goal_xp, earned_xp, status, streak_days
    from fct_daily_goals
    where
        subject = 'All'
        and student_id in (select unnest(cast($students as varchar[])))
        and local_on between cast($earliest as date) and cast($latest as date)

),

activity as (

    select
        student_id, local_on,
        sum(credited_xp) as xp,
        sum(active_seconds) as active_seconds,
        sum(idle_seconds) as idle_seconds,
        sum(total_questions) as total_questions,
        sum(correct_questions) as correct_questions,
        sum(scored_questions) as scored_questions
    from agg_student_day_lesson__activity
    where
        student_id in (select unnest(cast($students as varchar[])))
        and local_on between cast($earliest as date) and cast($latest as date)
    group by student_id, local_on

),

last_seen as (

    select
        student_id,
        least(max(ended_at), cast($as_of as timestamptz)) as last_seen_at,
        arg_max(client_id, ended_at) as client_id,
        arg_max(app_id, ended_at) as app_id
    from fct_sessions
    where
        student_id in (select unnest(cast($students as varchar[])))
        and started_on >= cast($seen_since as date)
    group by student_id

),

final as (

    select
        students.*,
        goals.goal_xp,
        coalesce(goals.earned_xp, activity.xp, 0) as earned_xp,
        coalesce(goals.status, 'no_goal') as status,
        coalesce(goals.streak_days, 0) as streak_days,
        coalesce(activity.active_seconds, 0) as active_seconds,
        coalesce(activity.idle_seconds, 0) as idle_seconds,
        coalesce(activity.total_questions, 0) as total_questions,
        activity.correct_questions / nullif(activity.scored_questions, 0) as accuracy_ratio,
        last_seen.last_seen_at,
        last_seen.client_id,
        last_seen.app_id
    from students
    left join goals using (student_id, local_on)
    left join activity using (student_id, local_on)
    left join last_seen using (student_id)

)

select * from final order by student_id
"""

FLAGS = """
select
    flags.student_id, flags.reason, flags.measured, flags.threshold, flags.evidence_count,
    flags.evidence_unit, flags.lesson_id, dim_lessons.lesson_title
from fct_off_track_flags as flags
left join dim_lessons on dim_lessons.lesson_id = flags.lesson_id
where flags.student_id in (select unnest(cast($students as varchar[])))
order by flags.student_id, flags.reason, flags.lesson_id
"""

STATUS_ORDER = ("behind", "not_started", "on_pace", "met", "no_goal", "no_school")


def flags_by_student(lake: PublishedLake, students: list[str]) -> dict[str, list[Flag]]:
    """Off-track flags as of the build, each with its reason in words and numbers."""
    flags: dict[str, list[Flag]] = defaultdict(list)
    for row in lake.rows(FLAGS, {"students": students}):
        student = row.pop("student_id")
        flags[student].append(Flag(**row, text=flag_text(row)))
    return flags


def standings(
    lake: PublishedLake, students: list[str], day: date | None, names: AppNames
) -> list[Standing]:
    """Each student's day (`day`, or today where the student is), who needs someone most first."""
    today = lake.build.as_of.astimezone(UTC).date()
    rows: list[dict[str, Any]] = lake.rows(
        STANDINGS,
        {
            "students": students,
            "day": day,
            "as_of": lake.build.as_of,
            "earliest": day or today - ONE_DAY,
            "latest": day or today + ONE_DAY,
            "seen_since": today - SEEN_WITHIN,
        },
    )
    flags = flags_by_student(lake, students)
    found = [
        Standing.model_validate(
            {**row, "last_app": row["app_name"], "flags": flags[row["student_id"]]}
        )
        for row in named(rows, names)
    ]
    return sorted(found, key=need)


def need(standing: Standing) -> tuple[int, int, float, str]:
    """Sort key: most flags, then the status that asks for help, then the least of the goal."""
    share = standing.earned_xp / standing.goal_xp if standing.goal_xp else 1.0
    return (
        -len(standing.flags),
        STATUS_ORDER.index(standing.status),
        share,
        standing.student_id,
    )

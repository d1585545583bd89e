"""An admin's schools: today, and the days before."""

from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

DAYS = """
with students as (

    select dim_students.student_id, dim_students.school_id, dim_students.timezone
    from dim_students
    where dim_students.student_id in (select unnest(cast($students as varchar[])))

),

schools as (

    select
        students.school_id, any_value(dim_schools.school_name) as school_name,
        any_value(coalesce(dim_schools.timezone, students.timezone)) as timezone,
        count(*) as student_count
    from students
    left join dim_schools on dim_schools.school_id = students.school_id
    group by students.school_id

),

days as (

    select
        *,
        cast(timezone(timezone, cast($as_of as timestamptz)) as date) as today_on,
        unnest(generate_series(0, cast($count as integer) - 1)) as days_ago
    from schools

),

goals as (

    select
        students.school_id, goals.local_on,
        count(*) filter (goals.status not in ('no_goal', 'no_school')) as goal_count,
        count(*) filter (goals.status = 'met') as met_count
    from fct_daily_goals as goals
    join students using (student_id)
    where goals.subject = 'All'
    group by students.school_id, goals.local_on

),

activity as (

    select
        students.school_id, activity.local_on,
        count(distinct activity.student_id) filter (activity.event_count > 0) as active_count,
        sum(activity.xp) as xp,
        sum(activity.active_seconds) as active_seconds
    from agg_student_day_lesson__activity as activity
    join students using (student_id)
    group by students.school_id, activity.local_on

),

final as (

    select
        days.school_id, coalesce(days.school_name, days.school_id) as school_name, days.timezone,
        days.student_count, days.today_on,
        days.today_on - cast(days.days_ago as integer) as local_on,
        coalesce(activity.active_count, 0) as active_count,
        coalesce(goals.goal_count, 0) as goal_count,
        coalesce(goals.met_count, 0) as met_count,
        coalesce(activity.xp, 0) as xp,
        coalesce(activity.active_seconds, 0) as active_seconds
    from days
    left join goals
        on goals.school_id = days.school_id
        and goals.local_on = days.today_on - cast(days.days_ago as integer)
    left join activity
        on activity.school_id = days.school_id
        and activity.local_on = days.today_on - cast(days.days_ago as integer)

)

select * from final where school_id is not null order by school_name, school_id, local_on
"""

FLAGGED = """
select dim_students.school_id, count(distinct flags.student_id) as flagged_count
from fct_off_track_flags as flags
join dim_students on dim_students.student_id = flags.student_id
where flags.student_id in (select unnest(cast($students as varchar[])))
group by dim_students.school_id
"""


def days(lake: PublishedLake, students: list[str], count: int) -> Rows:
    """The schools of `students`: one row per school and day, `count` days up to today there."""
    return lake.rows(DAYS, {"students": students, "count": count, "as_of": lake.build.as_of})


def flagged(lake: PublishedLake, students: list[str]) -> dict[str, int]:
    """Students off track by school, as of the build."""
    rows = lake.rows(FLAGGED, {"students": students})
    return {row["school_id"]: row["flagged_count"] for row in rows}

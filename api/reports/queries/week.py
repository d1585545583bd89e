"""A week of several students: their days, their subjects against goals, lessons mastered."""

from collections import defaultdict
from datetime import date
from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

ROSTER = """
select
    dim_students.student_id,
    trim(concat_ws(' ', dim_students.given_name, dim_students.family_name)) as name,
    dim_students.grade, dim_students.timezone,
    cast(timezone(dim_students.timezone, cast($as_of as timestamptz)) as date) as today_on
from dim_students
where dim_students.student_id in (select unnest(cast($students as varchar[])))
order by name, dim_students.student_id
"""

STUDENT_DAYS = """
with goals as (

    select student_id, local_on, goal_xp, earned_xp, status, is_school_day
    from fct_daily_goals
    where
        subject = 'All'
        and student_id in (select unnest(cast($students as varchar[])))
        and local_on between cast($first as date) and cast($last as date)

),

activity as (

    select
        student_id, local_on,
        sum(active_seconds) as active_seconds,
        sum(total_questions) as total_questions,
        sum(correct_questions) as correct_questions,
        sum(scored_questions) as scored_questions
    from agg_student_day_lesson__activity
    where
        student_id in (select unnest(cast($students as varchar[])))
        and local_on between cast($first as date) and cast($last as date)
    group by student_id, local_on

)

select
    student_id, local_on, goals.goal_xp,
    coalesce(goals.earned_xp, 0) as earned_xp,
    coalesce(goals.status, 'no_goal') as status,
    coalesce(goals.is_school_day, false) as is_school_day,
    coalesce(activity.active_seconds, 0) as active_seconds,
    coalesce(activity.total_questions, 0) as total_questions,
    coalesce(activity.correct_questions, 0) as correct_questions,
    coalesce(activity.scored_questions, 0) as scored_questions
from goals
full join activity using (student_id, local_on)
order by student_id, local_on
"""

# Of a day that still runs the goal is due in part: as much as an even pace would have reached.
SUBJECT_WEEKS = """
with students as (

    select
        student_id,
        cast(timezone(timezone, cast($as_of as timestamptz)) as date) as today_on,
        timezone(timezone, cast($as_of as timestamptz)) as now_at
    from dim_students
    where student_id in (select unnest(cast($students as varchar[])))

),

goals as (

    select
        student_id, subject, local_on, earned_xp,
        status in ('no_goal', 'no_school') as is_free,
        status = 'no_school' as is_off,
        if(status in ('no_goal', 'no_school'), null, goal_xp) as goal_xp
    from fct_daily_goals
    where
        student_id in (select unnest(cast($students as varchar[])))
        and local_on between cast($first as date) and cast($last as date)

),

activity as (

    select
        student_id,
        if(grouping(subject) = 1, 'All', subject) as subject,
        sum(active_seconds) as active_seconds
    from agg_student_day_lesson__activity
    where
        student_id in (select unnest(cast($students as varchar[])))
        and local_on between cast($first as date) and cast($last as date)
    group by grouping sets ((student_id, subject), (student_id))

),

weeks as (

    select
        goals.student_id, goals.subject,
        sum(goals.goal_xp) as goal_xp,
        sum(goals.earned_xp) as earned_xp,
        sum(
            goals.goal_xp * if(
                goals.local_on < students.today_on,
                1,
                least(
                    greatest(
                        date_diff(
                            'minute',
                            students.today_on + to_hours(cast($starts_hour as integer)),
                            students.now_at
                        ) / (60.0 * (cast($ends_hour as integer) - cast($starts_hour as integer))),
                        0
                    ),
                    1
                )
            )
        ) as due_xp,
        bool_or(goals.is_off) as is_off
    from goals
    inner join students on goals.student_id = students.student_id
    group by goals.student_id, goals.subject

)

select
    weeks.student_id, weeks.subject, weeks.goal_xp, weeks.earned_xp,
    coalesce(activity.active_seconds, 0) as active_seconds,
    case
        when weeks.goal_xp is null then if(weeks.is_off, 'no_school', 'no_goal')
        when weeks.earned_xp >= weeks.goal_xp then 'met'
        when weeks.earned_xp = 0 and coalesce(activity.active_seconds, 0) = 0 then 'not_started'
        when weeks.earned_xp >= weeks.due_xp then 'on_pace'
        else 'behind'
    end as status
from weeks
left join activity
    on weeks.student_id = activity.student_id and weeks.subject = activity.subject
order by weeks.student_id, weeks.subject
"""

MASTERED = """
select
    mastery.student_id, mastery.lesson_id, mastery.subject,
    coalesce(dim_lessons.lesson_title, mastery.lesson_id) as lesson_title
from fct_lesson_mastery as mastery
left join dim_lessons on dim_lessons.lesson_id = mastery.lesson_id
where
    mastery.student_id in (select unnest(cast($students as varchar[])))
    and mastery.first_mastered_on between cast($first as date) and cast($last as date)
order by mastery.student_id, mastery.first_mastered_at, mastery.lesson_id
"""


def roster(lake: PublishedLake, students: list[str]) -> Rows:
    """Names, grades, zones and today's date of `students`, by name."""
    return lake.rows(ROSTER, {"students": students, "as_of": lake.build.as_of})


def student_days(
    lake: PublishedLake, students: list[str], first: date, last: date
) -> dict[str, Rows]:
    """Each student's days from `first` to `last`, in order."""
    rows = lake.rows(STUDENT_DAYS, {"students": students, "first": first, "last": last})
    return _by_student(rows)


def subject_weeks(
    lake: PublishedLake, students: list[str], first: date, last: date, hours: tuple[int, int]
) -> dict[str, Rows]:
    """Each student's XP against the goals of the school days so far, by subject and in all.

    `hours` are the local hours between which a day's goal grows evenly.
    """
    rows = lake.rows(
        SUBJECT_WEEKS,
        {
            "students": students,
            "first": first,
            "last": last,
            "as_of": lake.build.as_of,
            "starts_hour": hours[0],
            "ends_hour": hours[1],
        },
    )
    return _by_student(rows)


def mastered(lake: PublishedLake, students: list[str], first: date, last: date) -> dict[str, Rows]:
    """Lessons that each student mastered for the first time between two days."""
    rows = lake.rows(MASTERED, {"students": students, "first": first, "last": last})
    return _by_student(rows)


def _by_student(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["student_id"]].append(row)
    return found

"""A partner's students at work: by local day, by week, by course. Its own events alone."""

from datetime import date, datetime
from typing import Any

from core.access import Condition, Sight, all_of
from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

SUMS = """
    count(distinct student_id) as active_count,
    sum(client_active_seconds) as active_seconds,
    sum(xp) as xp,
    sum(total_questions) as total_questions,
    sum(correct_questions) as correct_questions,
    sum(scored_questions) as scored_questions
"""

# A day without any work is a row of zeros: that nobody came is known.
DAYS = f"""
with activity as (

    select local_on, {SUMS}
    from agg_student_day_lesson__activity
    where local_on between $first and $last and {{activity}}
    group by local_on

),

sessions as (

    select local_on, count(distinct session_id) as session_count
    from fct_activity_segments
    where local_on between $first and $last and {{segments}}
    group by local_on

),

calendar as (

    select cast(day as date) as local_on
    from generate_series(cast($first as timestamp), cast($last as timestamp), interval 1 day)
        as days (day)

)

select
    calendar.local_on,
    coalesce(active_count, 0) as active_count,
    coalesce(session_count, 0) as session_count,
    coalesce(active_seconds, 0) as active_seconds,
    coalesce(xp, 0) as xp,
    coalesce(total_questions, 0) as total_questions
from calendar
left join activity using (local_on)
left join sessions using (local_on)
order by local_on
"""

WEEKS = f"""
select cast(date_trunc('week', local_on) as date) as week_on, {SUMS}
from agg_student_day_lesson__activity
where local_on between $first and $last and {{activity}}
group by week_on
order by week_on
"""

COURSES = f"""
with enrolled as (

    select course_id, count(distinct student_id) as student_count
    from dim_enrollments
    where client_id = $viewer_client_id and role = 'student' and is_active
    group by course_id

),

activity as (

    select course_id, {SUMS}
    from agg_student_day_lesson__activity
    where local_on between $first and $last and {{activity}}
    group by course_id

)

select
    dim_courses.course_id, course_title, dim_courses.subject,
    coalesce(student_count, 0) as student_count,
    coalesce(active_count, 0) as active_count,
    coalesce(active_seconds, 0) as active_seconds,
    coalesce(xp, 0) as xp,
    coalesce(total_questions, 0) as total_questions,
    if(scored_questions > 0, correct_questions / scored_questions, null) as accuracy_ratio
from dim_courses
left join enrolled using (course_id)
left join activity using (course_id)
where
    dim_courses.client_id = $viewer_client_id
    and (dim_courses.is_active or active_count > 0)
    and (dim_courses.course_id = $course or $course is null)
order by xp desc, course_title, course_id
"""

TOTALS = f"""
with enrolled as (

    select count(distinct student_id) as student_count
    from dim_enrollments
    where
        client_id = $viewer_client_id and role = 'student' and is_active
        and (course_id = $course or $course is null)

),

activity as (

    select {SUMS}
    from agg_student_day_lesson__activity
    where local_on between $first and $last and {{activity}}

),

sessions as (

    select count(distinct session_id) as session_count
    from fct_activity_segments
    where local_on between $first and $last and {{segments}}

)

select
    student_count, active_count, session_count,
    coalesce(active_seconds, 0) as active_seconds,
    coalesce(xp, 0) as xp,
    coalesce(total_questions, 0) as total_questions,
    if(scored_questions > 0, correct_questions / scored_questions, null) as accuracy_ratio
from enrolled, activity, sessions
"""

TODAY = """
select max(cast(timezone(timezone, cast($as_of as timestamptz)) as date)) as today_on
from dim_students
where {students}
"""

CHOICES = """
select course_id as choice_id, course_title as title, subject as detail
from dim_courses
where client_id = $client
order by title, choice_id
"""


def today(lake: PublishedLake, sight: Sight, as_of: datetime) -> date:
    """The day it is then for those of the partner's students who are furthest ahead.

    UTC's while it has no student.
    """
    seen = sight.students("dim_students")
    rows = lake.rows(TODAY.format(students=seen.sql), {**seen.parameters, "as_of": as_of})
    newest: date | None = rows[0]["today_on"]
    return newest or as_of.date()


def read(
    lake: PublishedLake, sight: Sight, sql: str, course_id: str | None, first: date, last: date
) -> Rows:
    """One of this module's queries for local days from `first` to `last`, both included."""
    tables = {"activity": "agg_student_day_lesson__activity", "segments": "fct_activity_segments"}
    parameters: dict[str, Any] = {"first": first, "last": last, **sight.own("").parameters}
    conditions = {}
    for name, table in tables.items():
        seen = all_of(sight.facts(table), _in_course(table, course_id))
        conditions[name] = seen.sql
        parameters |= seen.parameters
    parameters["course"] = course_id
    text = sql.format(**conditions)
    return lake.rows(text, {k: v for k, v in parameters.items() if f"${k}" in text})


def _in_course(table: str, course_id: str | None) -> Condition | None:
    if course_id is None:
        return None
    return Condition(f"{table}.course_id = $course", {"course": course_id})


def courses(lake: PublishedLake, client_id: str) -> Rows:
    """The partner's courses, to choose between."""
    return lake.rows(CHOICES, {"client": client_id})

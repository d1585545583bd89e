"""Gaps of the roster: what is missing for the figures to be right, record by record."""

from collections.abc import Sequence
from typing import Any

import psycopg

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]
QUIET_DAYS = 7  # days after the first of an enrollment: fewer say nothing yet

STUDENTS = """
with students as (

    select
        dim_students.student_id,
        trim(concat_ws(' ', dim_students.given_name, dim_students.family_name)) as name,
        dim_students.grade, dim_students.email, dim_students.school_id,
        dim_schools.school_name, dim_students.timezone, dim_students.is_timezone_fallback
    from dim_students
    left join dim_schools on dim_schools.school_id = dim_students.school_id
    where dim_students.student_id in (select unnest(cast($students as varchar[])))

)
"""
ACTIVE = """
, active as (

    select * from dim_enrollments
    where role = 'student' and is_active
        and student_id in (select unnest(cast($students as varchar[])))

)
"""

WITHOUT_ENROLLMENT = f"""{STUDENTS}{ACTIVE}
select student_id as record_id, name, school_name, grade
from students
where student_id not in (select student_id from active)
order by school_name, name, student_id
"""

PENDING = f"""{STUDENTS}
, waiting as (

    select
        student_id, course_id, sum(xp) as amount, min(earned_on) as first_on,
        max(earned_at) as last_at
    from fct_xp_ledger
    where
        status = 'pending_enrollment'
        and student_id in (select unnest(cast($students as varchar[])))
        and earned_on > cast($as_of as date) - cast($days as integer)
    group by student_id, course_id

)

select
    waiting.student_id as record_id, students.name, students.school_name,
    concat(
        coalesce(dim_courses.course_title, waiting.course_id),
        ', since ', strftime(waiting.first_on, '%-d %b')
    ) as about,
    waiting.amount, waiting.last_at
from waiting
join students using (student_id)
left join dim_courses on dim_courses.course_id = waiting.course_id
order by waiting.amount desc, waiting.student_id, waiting.course_id
"""

WITHOUT_EVENTS = f"""{STUDENTS}{ACTIVE}
, used as (

    select distinct student_id, course_id
    from agg_student_day_lesson__activity
    where
        student_id in (select unnest(cast($students as varchar[])))
        and local_on > cast($as_of as date) - cast($days as integer)
        and event_count > 0

)

select
    active.student_id as record_id, students.name, students.school_name,
    coalesce(dim_classes.class_title, active.class_id) as about,
    active.enrollment_id as reference
from active
join students using (student_id)
left join dim_classes on dim_classes.class_id = active.class_id
left join used on used.student_id = active.student_id and used.course_id = active.course_id
where
    used.student_id is null
    and coalesce(active.begin_on, date '-infinity')
        <= cast($as_of as date) - cast($quiet_days as integer)
order by students.school_name, about, students.name, active.enrollment_id
"""

WITHOUT_TEACHER = f"""{STUDENTS}{ACTIVE}
, taught as (

    select distinct class_id from dim_enrollments where role = 'teacher' and is_active

),

sizes as (

    select class_id, count(distinct student_id) as amount from active group by class_id

)

select
    dim_classes.class_id as record_id, dim_classes.class_title as name,
    dim_schools.school_name, dim_courses.course_title as about,
    coalesce(sizes.amount, 0) as amount
from dim_classes
left join sizes on sizes.class_id = dim_classes.class_id
left join dim_schools on dim_schools.school_id = dim_classes.school_id
left join dim_courses on dim_courses.course_id = dim_classes.course_id
where
    dim_classes.is_active and not dim_classes.is_sandbox
    and dim_classes.class_id not in (select class_id from taught)
    and (
        sizes.amount > 0
        or dim_classes.school_id in (select school_id from students)
    )
order by amount desc, name, record_id
"""

WITHOUT_ZONE = f"""{STUDENTS}
select
    coalesce(school_id, '') as record_id, coalesce(any_value(school_name), 'No school') as name,
    any_value(school_name) as school_name,
    concat('Days are cut at midnight ', any_value(timezone)) as about, count(*) as amount
from students
where is_timezone_fallback
group by school_id
order by amount desc, record_id
"""

SHARED_EMAILS = f"""{STUDENTS}
select student_id as record_id, name, school_name, lower(email) as email
from students
where email <> ''
qualify count(*) over (partition by lower(email)) > 1
order by lower(email), student_id
"""

LISTED = f"""{STUDENTS}
select student_id as record_id, name, school_name, grade
from students
where student_id in (select unnest(cast($chosen as varchar[])))
order by school_name, name, student_id
"""

UNKNOWN = """
select
    client_id, app_id, client_id as record_id, count(*) as amount, max(received_at) as last_at
from fct_event_verdicts
where
    verdict = 'quarantined' and reason = 'unknown_student'
    and received_at > cast($as_of as timestamptz) - to_days(cast($days as integer))
group by client_id, app_id
order by amount desc, client_id, app_id
"""

GUARDED = """
select distinct link.payload -> 'student' ->> 'sourcedId'
from registry.records as link
join registry.records as agent
    on agent.record_type = 'user' and agent.status = 'active'
    and agent.sourced_id = link.payload -> 'agent' ->> 'sourcedId'
where
    link.record_type = 'agent' and link.status = 'active'
    and coalesce(link.payload ->> 'role', 'parent') in ('parent', 'guardian')
    and link.payload -> 'student' ->> 'sourcedId' = any(%(students)s)
"""


def of_students(lake: PublishedLake, sql: str, students: Sequence[str], **parameters: Any) -> Rows:
    """One of this module's queries about these students."""
    return lake.rows(sql, {"students": list(students), **parameters})


def unknown_students(lake: PublishedLake, days: int) -> Rows:
    """Events about students who are not in the roster, by app, of the last days."""
    return lake.rows(UNKNOWN, {"as_of": lake.build.as_of, "days": days})


def with_guardian(connection: psycopg.Connection[Any], students: list[str]) -> set[str]:
    """Those of `students` to whom a parent or guardian is linked now."""
    rows = connection.execute(GUARDED, {"students": students})
    return {student for (student,) in rows}

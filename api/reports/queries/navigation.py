"""Who is signed in, and between what they can choose."""

from typing import Any

import psycopg

from core.builds.reader import PublishedLake
from core.grades import grade_words

Rows = list[dict[str, Any]]

TAUGHT_CLASSES = """
with taught as (

    select distinct class_id
    from dim_enrollments
    where student_id = $user and role <> 'student' and is_active

),

learners as (

    select class_id, student_id
    from dim_enrollments
    where
        role = 'student' and is_active
        and student_id in (select unnest(cast($students as varchar[])))

)

select
    dim_classes.class_id as choice_id, dim_classes.class_title as title,
    concat(count(distinct learners.student_id), ' students') as detail
from dim_classes
join learners on learners.class_id = dim_classes.class_id
where
    dim_classes.is_active
    and (dim_classes.class_id in (select class_id from taught) or not exists (from taught))
group by dim_classes.class_id, dim_classes.class_title
order by title, choice_id
"""

LEARNERS = """
with taught as (

    select distinct class_id
    from dim_enrollments
    where student_id = $user and role <> 'student' and is_active

)

select distinct student_id
from dim_enrollments
where
    role = 'student' and is_active
    and student_id in (select unnest(cast($students as varchar[])))
    and (class_id in (select class_id from taught) or not exists (from taught))
    and (class_id = $class or $class is null)
"""

SCHOOLS = """
select
    dim_schools.school_id as choice_id, dim_schools.school_name as title,
    dim_schools.timezone as detail
from dim_schools
where dim_schools.school_id in (
    select school_id from dim_students
    where student_id in (select unnest(cast($students as varchar[])))
)
order by title, choice_id
"""

CHILDREN = """
select distinct payload -> 'student' ->> 'sourcedId'
from registry.records
where
    record_type = 'agent' and status = 'active'
    and payload -> 'agent' ->> 'sourcedId' = %(user)s
    and payload -> 'student' ->> 'sourcedId' = any(%(students)s)
"""

NAMES = """
select
    student_id as choice_id,
    trim(concat_ws(' ', given_name, family_name)) as title,
    grade as detail
from dim_students
where student_id in (select unnest(cast($students as varchar[])))
order by title, choice_id
"""


def classes(lake: PublishedLake, user: str | None, students: list[str]) -> Rows:
    """Classes that the user teaches; those of all `students` for someone who teaches none."""
    return lake.rows(TAUGHT_CLASSES, {"user": user, "students": students})


def learners(
    lake: PublishedLake, user: str | None, students: list[str], class_id: str | None
) -> list[str]:
    """Those of `students` whom the user teaches, in one class or in all of them."""
    rows = lake.rows(LEARNERS, {"user": user, "students": students, "class": class_id})
    return [row["student_id"] for row in rows]


def schools(lake: PublishedLake, students: list[str]) -> Rows:
    """The schools of `students`."""
    return lake.rows(SCHOOLS, {"students": students})


def children(
    connection: psycopg.Connection[Any], user: str | None, students: list[str]
) -> list[str]:
    """Those of `students` to whom the user is linked."""
    rows = connection.execute(CHILDREN, {"user": user, "students": students})
    return [student for (student,) in rows]


def names(lake: PublishedLake, students: list[str]) -> Rows:
    """Names of `students`, each with the grade in words."""
    rows = lake.rows(NAMES, {"students": students})
    return [{**row, "detail": grade_words(row["detail"])} for row in rows]

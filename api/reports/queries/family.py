"""A child's week and the rules in the child's own figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

# XP toward goals alone, so that subjects, days and totals sum up to each other.
SUBJECT_DAYS = """
select
    local_on, subject,
    sum(credited_xp) as xp,
    sum(active_seconds) as active_seconds,
    sum(total_questions) as total_questions,
    sum(correct_questions) as correct_questions,
    sum(scored_questions) as scored_questions,
    sum(mastered_lessons) as mastered_lessons
from agg_student_day_lesson__activity
where
    student_id = $student and subject is not null
    and local_on between cast($first as date) and cast($last as date)
group by local_on, subject
order by local_on, subject
"""

TOTALS = """
with activity as (

    select
        local_on,
        sum(credited_xp) as xp,
        sum(xp) - sum(credited_xp) as waiting_xp,
        sum(active_seconds) as active_seconds,
        sum(total_questions) as total_questions,
        sum(correct_questions) as correct_questions,
        sum(scored_questions) as scored_questions,
        bool_or(event_count > 0) as is_active
    from agg_student_day_lesson__activity
    where
        student_id = $student
        and local_on in (select unnest(cast($days as date[])))
    group by local_on

),

goals as (

    select
        count(*) filter (status not in ('no_goal', 'no_school')) as goal_days,
        count(*) filter (status = 'met') as met_days
    from fct_daily_goals
    where
        student_id = $student and subject = 'All'
        and local_on in (select unnest(cast($days as date[])))

),

mastered as (

    select count(*) as mastered_lessons
    from fct_lesson_mastery
    where
        student_id = $student
        and first_mastered_on in (select unnest(cast($days as date[])))

)

select
    list_min(cast($days as date[])) as first_on,
    list_max(cast($days as date[])) as last_on,
    coalesce(sum(activity.xp), 0) as xp,
    coalesce(sum(activity.waiting_xp), 0) as waiting_xp,
    coalesce(sum(activity.active_seconds), 0) as active_seconds,
    coalesce(sum(activity.total_questions), 0) as total_questions,
    coalesce(sum(activity.correct_questions), 0) as correct_questions,
    coalesce(sum(activity.scored_questions), 0) as scored_questions,
    count(*) filter (activity.is_active) as active_days,
    any_value(goals.goal_days) as goal_days,
    any_value(goals.met_days) as met_days,
    any_value(mastered.mastered_lessons) as mastered_lessons
from goals
cross join mastered
left join activity on true
"""

MASTERED = """
select
    mastery.subject, mastery.first_mastered_on, mastery.best_score_ratio,
    coalesce(mastery.item_count, 0) as item_count,
    coalesce(mastery.correct_count, 0) as correct_count,
    coalesce(dim_lessons.lesson_title, mastery.lesson_id) as lesson_title,
    coalesce(dim_courses.course_title, mastery.course_id) as course_title
from fct_lesson_mastery as mastery
left join dim_lessons on dim_lessons.lesson_id = mastery.lesson_id
left join dim_courses on dim_courses.course_id = mastery.course_id
where
    mastery.student_id = $student
    and mastery.first_mastered_on between cast($first as date) and cast($last as date)
order by mastery.first_mastered_on, course_title, lesson_title, mastery.lesson_id
"""


def totals(lake: PublishedLake, student: str, days: Sequence[date]) -> dict[str, Any]:
    """What a student did on those days, one at least."""
    (row,) = lake.rows(TOTALS, {"student": student, "days": days})
    return row


def subject_days(lake: PublishedLake, student: str, first: date, last: date) -> Rows:
    """The same by day and subject, from the day `first` to the day `last`, both included."""
    return lake.rows(SUBJECT_DAYS, {"student": student, "first": first, "last": last})


def mastered(lake: PublishedLake, student: str, first: date, last: date) -> Rows:
    """Lessons first mastered from `first` to `last`, in order of time."""
    return lake.rows(MASTERED, {"student": student, "first": first, "last": last})

"""One student: days, time by app, sessions, ledger, lesson ladder, placement."""

from datetime import date
from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

DAYS = """
with activity as (

    select student_id, local_on, sum(active_seconds) as active_seconds
    from agg_student_day_lesson__activity
    where student_id = $student
    group by student_id, local_on

)

select
    goals.local_on, goals.goal_xp, goals.earned_xp, goals.status,
    coalesce(activity.active_seconds, 0) as active_seconds
from fct_daily_goals as goals
left join activity using (student_id, local_on)
where
    goals.student_id = $student and goals.subject = 'All'
    and goals.local_on > cast($day as date) - cast($count as integer)
    and goals.local_on <= cast($day as date)
order by goals.local_on
"""

SUBJECTS = """
select
    subject,
    sum(xp) as xp,
    sum(active_seconds) as active_seconds,
    sum(total_questions) as total_questions,
    sum(correct_questions) as correct_questions,
    sum(scored_questions) as scored_questions,
    sum(mastered_lessons) as mastered_lessons
from agg_student_day_lesson__activity
where student_id = $student and local_on = cast($day as date) and subject is not null
group by subject
order by xp desc, subject
"""

LESSON_DAYS = """
with worked_on as (

    select
        client_id, app_id, course_id, lesson_id, any_value(subject) as subject,
        sum(xp) as xp, sum(active_seconds) as active_seconds,
        sum(total_questions) as total_questions, sum(correct_questions) as correct_questions
    from agg_student_day_lesson__activity
    where student_id = $student and local_on = cast($day as date) and lesson_id is not null
    group by client_id, app_id, course_id, lesson_id

)

select
    worked_on.subject,
    coalesce(dim_lessons.lesson_title, worked_on.lesson_id) as lesson_title,
    coalesce(dim_courses.course_title, worked_on.course_id, '') as course_title,
    worked_on.client_id, worked_on.app_id,
    worked_on.xp, worked_on.active_seconds,
    worked_on.total_questions, worked_on.correct_questions,
    mastery.mastery_state
from worked_on
left join dim_lessons on dim_lessons.lesson_id = worked_on.lesson_id
left join dim_courses on dim_courses.course_id = worked_on.course_id
left join fct_lesson_mastery as mastery
    on mastery.student_id = $student and mastery.lesson_id = worked_on.lesson_id
order by worked_on.active_seconds desc, worked_on.lesson_id
"""

SEGMENTS = """
select
    segments.session_id,
    segments.client_id, segments.app_id,
    segments.subject, dim_lessons.lesson_title, segments.state,
    segments.started_at, segments.ended_at, segments.seconds, segments.is_counted
from fct_activity_segments as segments
left join dim_lessons on dim_lessons.lesson_id = segments.lesson_id
where segments.student_id = $student and segments.local_on = cast($day as date)
order by segments.started_at, segments.segment_id
"""

SESSIONS = """
select
    sessions.session_id,
    sessions.client_id, sessions.app_id,
    sessions.started_at, sessions.ended_at, sessions.end_reason, sessions.time_quality,
    sessions.active_seconds, sessions.idle_seconds, sessions.event_count
from fct_sessions as sessions
where sessions.student_id = $student and sessions.started_on = cast($day as date)
order by sessions.started_at, sessions.session_id
"""

LEDGER = """
select
    ledger.entry_id, ledger.earned_at, ledger.xp, ledger.kind, ledger.status, ledger.subject,
    dim_courses.course_title, dim_lessons.lesson_title,
    ledger.client_id, ledger.app_id,
    ledger.source_event_id, ledger.review_reason
from fct_xp_ledger as ledger
left join dim_lessons on dim_lessons.lesson_id = ledger.lesson_id
left join dim_courses on dim_courses.course_id = ledger.course_id
where ledger.student_id = $student and ledger.earned_on = cast($day as date)
order by ledger.earned_at, ledger.entry_id
"""

LADDER = """
select
    mastery.course_id,
    coalesce(dim_courses.course_title, mastery.course_id) as course_title,
    mastery.subject, mastery.lesson_id,
    coalesce(dim_lessons.lesson_title, mastery.lesson_id) as lesson_title,
    dim_lessons.unit_title,
    coalesce(dim_lessons.lesson_position, 0) as lesson_position,
    mastery.mastery_state, mastery.best_score_ratio,
    coalesce(mastery.item_count, 0) as item_count,
    coalesce(mastery.correct_count, 0) as correct_count,
    coalesce(mastery.attempt_count, 0) as attempt_count,
    coalesce(mastery.is_struggling, false) as is_struggling, mastery.first_mastered_on
from fct_lesson_mastery as mastery
left join dim_courses on dim_courses.course_id = mastery.course_id
left join dim_lessons on dim_lessons.lesson_id = mastery.lesson_id
where mastery.student_id = $student
order by course_title, mastery.course_id, lesson_position, mastery.lesson_id
"""

PLACEMENT = """
with titles as (

    select lesson_id, lesson_title from dim_lessons

),

placement as (

    select * from fct_course_placement where student_id = $student

)

select
    placement.course_id,
    coalesce(dim_courses.course_title, placement.course_id) as course_title,
    placement.lesson_count, placement.mastered_count, placement.proficient_count,
    next_lesson.lesson_title as next_lesson,
    coalesce(
        (select list(lesson_title order by lesson_title) from titles
        where list_contains(placement.gap_lesson_ids, lesson_id)), []
    ) as gap_lessons,
    coalesce(
        (select list(lesson_title order by lesson_title) from titles
        where list_contains(placement.ahead_lesson_ids, lesson_id)), []
    ) as ahead_lessons
from placement
left join dim_courses on dim_courses.course_id = placement.course_id
left join titles as next_lesson on next_lesson.lesson_id = placement.next_lesson_id
order by course_title, placement.course_id
"""

CLASSES = """
select distinct coalesce(dim_classes.class_title, dim_enrollments.class_id) as class_title
from dim_enrollments
left join dim_classes on dim_classes.class_id = dim_enrollments.class_id
where
    dim_enrollments.student_id = $student
    and dim_enrollments.role = 'student' and dim_enrollments.is_active
order by class_title
"""


def days(lake: PublishedLake, student: str, day: date, count: int) -> Rows:
    """The `count` days up to and with `day`: goal, XP, status, active seconds."""
    return lake.rows(DAYS, {"student": student, "day": day, "count": count})


def on_day(lake: PublishedLake, sql: str, student: str, day: date) -> Rows:
    """One of this module's queries for a student's day."""
    return lake.rows(sql, {"student": student, "day": day})


def for_student(lake: PublishedLake, sql: str, student: str) -> Rows:
    """One of this module's queries for a student as of the build."""
    return lake.rows(sql, {"student": student})

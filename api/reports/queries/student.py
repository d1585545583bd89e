"""One student's days: goals, time by app, sessions, subjects, lessons worked on, ledger."""

from datetime import date
from typing import Any

from api.reports.wording import review_text
from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

DAYS = """
with activity as (

    select student_id, local_on, sum(active_seconds) as active_seconds
    from agg_student_day_lesson__activity
    where
        student_id = $student
        and local_on > cast($day as date) - cast($count as integer)
        and local_on <= cast($day as date)
        and (subject = $subject or $subject is null)
    group by student_id, local_on

)

select
    goals.local_on, goals.goal_xp, goals.earned_xp, goals.status, goals.streak_days,
    goals.restated_at,
    coalesce(activity.active_seconds, 0) as active_seconds
from fct_daily_goals as goals
left join activity using (student_id, local_on)
where
    goals.student_id = $student and goals.subject = coalesce($subject, 'All')
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
where
    segments.student_id = $student and segments.local_on = cast($day as date)
    and (segments.subject = $subject or $subject is null)
order by segments.started_at, segments.segment_id
"""

SESSIONS = """
with in_subject as (

    select session_id from fct_activity_segments
    where student_id = $student and local_on = cast($day as date) and subject = $subject

)

select
    sessions.session_id,
    sessions.client_id, sessions.app_id,
    sessions.started_at, sessions.ended_at, sessions.end_reason, sessions.time_quality,
    sessions.active_seconds, sessions.idle_seconds, sessions.event_count
from fct_sessions as sessions
where
    sessions.student_id = $student and sessions.started_on = cast($day as date)
    and ($subject is null or sessions.session_id in (from in_subject))
order by sessions.started_at, sessions.session_id
"""

LEDGER = """
select
    ledger.entry_id, ledger.earned_at, ledger.xp, ledger.kind, ledger.status, ledger.subject,
    dim_courses.course_title, dim_lessons.lesson_title,
    ledger.client_id, ledger.app_id,
    ledger.source_event_id, ledger.review_reason, ledger.review_xp,
    ledger.review_active_minutes, ledger.restated_at
from fct_xp_ledger as ledger
left join dim_lessons on dim_lessons.lesson_id = ledger.lesson_id
left join dim_courses on dim_courses.course_id = ledger.course_id
where
    ledger.student_id = $student and ledger.earned_on = cast($day as date)
    and (ledger.subject = $subject or $subject is null)
order by ledger.earned_at, ledger.entry_id
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

SUBJECTS_TAKEN = """
select distinct subject from fct_lesson_mastery
where student_id = $student and subject is not null
order by subject
"""


def days(
    lake: PublishedLake, student: str, day: date, count: int, subject: str | None = None
) -> Rows:
    """The `count` days up to and with `day`: goal, XP, status, active seconds.

    Of one subject against its own goal, or of all against the day's.
    """
    return lake.rows(DAYS, {"student": student, "day": day, "count": count, "subject": subject})


def on_day(lake: PublishedLake, sql: str, student: str, day: date) -> Rows:
    """One of this module's queries for a student's day."""
    return lake.rows(sql, {"student": student, "day": day})


def on_day_in(lake: PublishedLake, sql: str, student: str, day: date, subject: str | None) -> Rows:
    """One of this module's queries for a student's day, in one subject or in all."""
    return lake.rows(sql, {"student": student, "day": day, "subject": subject})


def ledger(lake: PublishedLake, student: str, day: date, subject: str | None) -> Rows:
    """The day's entries, with what is to be looked at in words."""
    rows = on_day_in(lake, LEDGER, student, day, subject)
    return [{**row, "review_text": review_text(row)} for row in rows]


def for_student(lake: PublishedLake, sql: str, student: str) -> Rows:
    """One of this module's queries for a student as of the build."""
    return lake.rows(sql, {"student": student})

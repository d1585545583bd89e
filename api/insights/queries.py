"""A student's standing: goal, flags, mastery, placement, profile."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from api.goals import goal_rows
from api.periods import Period
from api.reading import Reading
from core.access import Condition, all_of

Rows = list[dict[str, Any]]

GOALS = """
    select
        subject, enrollment_id, goal_xp, earned_xp, status, goal_source, is_in_term, is_school_day,
        streak_days
    from ({goals}) as goal
    order by subject <> 'All', subject, enrollment_id
"""

FLAGS = """
    select flag.reason, flag.measured, flag.threshold, flag.evidence_count, flag.evidence_unit,
        flag.lesson_id, flag.flagged_on, lesson.lesson_title
    from marts.fct_off_track_flags as flag
    left join marts.dim_lessons as lesson using (lesson_id)
    where flag.student_id = $student_id
    order by flag.reason, flag.lesson_id
"""

MASTERY = """
    select mastery.mastery_state, count(*) as lesson_count,
        count_if(mastery.is_struggling) as struggling_count
    from marts.fct_lesson_mastery as mastery
    where {where}
    group by mastery.mastery_state
"""

PLACEMENT = """
    select placement.course_id, course.course_title, course.subject, placement.lesson_count,
        placement.mastered_count, placement.proficient_count, placement.gap_lesson_ids,
        placement.next_lesson_id, placement.ahead_lesson_ids
    from marts.fct_course_placement as placement
    left join marts.dim_courses as course using (course_id)
    where {where}
    order by placement.course_id
"""

PROFILE = """
    select student.given_name, student.family_name, student.email, student.grade,
        student.school_id, school.school_name
    from marts.dim_students as student
    left join marts.dim_schools as school using (school_id)
    where student.student_id = $student_id
"""

TOTALS = """
    select
        coalesce(sum(xp), 0)::double as total_xp_earned,
        coalesce(sum({active}), 0)::double as active_seconds,
        coalesce(sum({idle}), 0)::double as inactive_seconds,
        count(distinct local_on) as active_days, min(local_on) as first_on, max(local_on) as last_on
    from marts.agg_student_day_lesson__activity as activity
    where {where}
"""


def goals(reading: Reading, student_id: str, day: date, zone: ZoneInfo) -> Rows:
    """The goals of a day of the school: whole day and subjects; a partner's by enrollment."""
    rows = goal_rows(reading, student_id, Period(day, day, zone))
    return reading.lake.rows(GOALS.format(goals=rows.sql), rows.parameters)


def flags(reading: Reading, student_id: str) -> Rows:
    """Why the student is off track, as of the build; for staff and family alone."""
    return reading.lake.rows(FLAGS, {"student_id": student_id})


def mastery(reading: Reading, student_id: str) -> Rows:
    """Lessons by state."""
    where = _about(reading, student_id, "mastery")
    return reading.lake.rows(MASTERY.format(where=where.sql), where.parameters)


def placement(reading: Reading, student_id: str) -> Rows:
    """Gaps, next lesson and lessons ahead, a row a course."""
    where = _about(reading, student_id, "placement")
    return reading.lake.rows(PLACEMENT.format(where=where.sql), where.parameters)


def profile(reading: Reading, student_id: str) -> dict[str, Any] | None:
    """Name, e-mail, grade and school; None if the build does not know the student yet."""
    rows = reading.lake.rows(PROFILE, {"student_id": student_id})
    return rows[0] if rows else None


def totals(reading: Reading, student_id: str) -> dict[str, Any]:
    """All that was earned and spent, over all days."""
    where = _about(reading, student_id, "activity")
    whose = "client_" if reading.sight.is_partner else ""
    sql = TOTALS.format(
        where=where.sql, active=f"{whose}active_seconds", idle=f"{whose}idle_seconds"
    )
    return reading.lake.rows(sql, where.parameters)[0]


def _about(reading: Reading, student_id: str, table: str) -> Condition:
    student = Condition(f"{table}.student_id = $student_id", {"student_id": student_id})
    return all_of(student, reading.sight.own(table))

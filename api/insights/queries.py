"""A student's standing: goal, flags, mastery, placement, profile."""

from datetime import date
from typing import Any

from api.reading import Reading
from core.access import Condition, all_of

Rows = list[dict[str, Any]]

GOALS = """
    select
        subject, null as enrollment_id, goal_xp::double as goal_xp, earned_xp::double as earned_xp,
        status, goal_source, is_school_day, streak_days
    from marts.fct_daily_goals
    where student_id = $student_id and local_on = $day
    order by subject <> 'All', subject
"""

# A partner's view: the goals that its own enrollments carry, against their credited XP alone.
# Of an enrollment's versions the last one known by that day counts, else the first.
OWN_GOALS = """
    with enrolled as (
        select enrollment_id, course_id from marts.dim_enrollments
        where
            client_id = $viewer_client_id and student_id = $student_id and role = 'student'
            and is_active and $day between coalesce(begin_on, $day) and coalesce(end_on, $day)
    ),

    versions as (
        select
            enrolled.enrollment_id, enrolled.course_id, record.version,
            record.recorded_at::date <= $day as is_known,
            (record.payload -> '$.metadata.goals.dailyXp')::double as goal_xp
        from enrolled
        inner join raw.records as record
            on record.sourced_id = enrolled.enrollment_id and record.record_type = 'enrollment'
        qualify row_number() over (
            partition by enrolled.enrollment_id
            order by is_known desc, if(is_known, -record.version, record.version)
        ) = 1
    ),

    earned as (
        select enrollment_id, sum(xp)::double as earned_xp
        from marts.fct_xp_ledger
        where student_id = $student_id and earned_on = $day and status = 'credited'
        group by enrollment_id
    )

    select
        coalesce(course.subject, 'Other') as subject, versions.enrollment_id, versions.goal_xp,
        coalesce(earned.earned_xp, 0) as earned_xp,
        case
            when versions.goal_xp = 0 then 'no_goal'
            when coalesce(earned.earned_xp, 0) >= versions.goal_xp then 'met'
            when coalesce(earned.earned_xp, 0) = 0 then 'not_started'
            else 'behind'
        end as status,
        'enrollment' as goal_source, null as is_school_day, null as streak_days
    from versions
    left join marts.dim_courses as course using (course_id)
    left join earned using (enrollment_id)
    where versions.goal_xp is not null
    order by versions.enrollment_id
"""

FLAGS = """
    select flag.reason, flag.measured, flag.threshold, flag.lesson_id, flag.flagged_on,
        lesson.lesson_title
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


def goals(reading: Reading, student_id: str, day: date) -> Rows:
    """The day's goals: whole day and subjects; for a partner those of its own enrollments."""
    parameters = {"student_id": student_id, "day": day}
    if reading.sight.client_id is None:
        return reading.lake.rows(GOALS, parameters)
    return reading.lake.rows(OWN_GOALS, {**parameters, "viewer_client_id": reading.sight.client_id})


def flags(reading: Reading, student_id: str) -> Rows:
    """Why the student is off track, as of the build; other apps move it, so never for a partner."""
    if reading.sight.is_partner:
        return []
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
    own = "own_" if reading.sight.is_partner else ""
    sql = TOTALS.format(where=where.sql, active=f"{own}active_seconds", idle=f"{own}idle_seconds")
    return reading.lake.rows(sql, where.parameters)[0]


def _about(reading: Reading, student_id: str, table: str) -> Condition:
    student = Condition(f"{table}.student_id = $student_id", {"student_id": student_id})
    return all_of(student, reading.sight.own(table))

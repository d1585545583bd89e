"""The records that set a day's goal, as they stood on that day."""

from datetime import date
from typing import Any

from api.reading import Reading
from core.access import Condition

Row = dict[str, Any]

# Of a record's versions the last one known by the end of the local day counts, else the first.
RECORDS = """
    with enrolled as (
        select enrollment.enrollment_id, enrollment.course_id
        from marts.dim_enrollments as enrollment
        left join marts.dim_courses as course using (course_id)
        where
            enrollment.student_id = $student_id and enrollment.role = 'student'
            and coalesce(enrollment.begin_on, $day) <= $day
            and coalesce(enrollment.end_on, $day) >= $day
            and ($subject = 'All' or coalesce(course.subject, 'Other') = $subject)
            and {where}
    ),

    named as (
        select 1 as place, 'enrollment' as goal_level, 'enrollment' as record_type,
            enrollment_id as record_id
        from enrolled
        union
        select 2, 'student', 'user', $student_id where not $is_partner
        union
        select 3, 'course', 'course', course_id from enrolled where not $is_partner
        union
        select 4, 'school', 'org', school_id from marts.fct_daily_goals
        where student_id = $student_id and local_on = $day and not $is_partner
    )

    select
        named.goal_level, named.record_id, record.version, record.recorded_at,
        try_cast(record.payload ->> '$.metadata.goals.dailyXp' as double) as daily_xp
    from named
    inner join raw.records as record
        on record.sourced_id = named.record_id and record.record_type = named.record_type
    qualify row_number() over (
        partition by named.goal_level, named.record_id
        order by
            record.recorded_at < $day_ends_at desc,
            if(record.recorded_at < $day_ends_at, -record.version, record.version)
    ) = 1
    order by named.place, named.record_id
"""


def records(
    reading: Reading,
    student_id: str,
    day: date,
    day_ends_at: Any,
    subject: str,
    enrollment_id: str | None,
) -> list[Row]:
    """What each level says of the day's goal, in the order of precedence; a partner's: one."""
    where = reading.sight.own("enrollment")
    if enrollment_id is not None:
        where = Condition(
            f"{where.sql} and enrollment.enrollment_id = $enrollment_id",
            {**where.parameters, "enrollment_id": enrollment_id},
        )
    parameters = {
        "student_id": student_id,
        "day": day,
        "day_ends_at": day_ends_at,
        "subject": subject,
        "is_partner": reading.sight.is_partner,
    }
    return reading.lake.rows(RECORDS.format(where=where.sql), parameters | where.parameters)

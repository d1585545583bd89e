"""Daily goals: what a student's days wanted, and what counted toward it.

Staff read `fct_daily_goals`, in which a goal may come from the enrollment, student, course or
school and every app counts. A partner reads the goals that its own enrollments carry, against
their credited XP alone; of what other apps or the school do only the school's terms move them.
"""

from api.periods import Period
from api.reading import Reading
from core.access import Condition

SHARED = """
    select
        local_on, subject, null::varchar as enrollment_id, goal_xp::double as goal_xp, goal_source,
        earned_xp::double as earned_xp, status, is_in_term, is_school_day, streak_days
    from marts.fct_daily_goals
    where student_id = $student_id and local_on between $goal_start_on and $goal_end_on
"""

# A version of an enrollment holds from the local day on which it was recorded to that of the
# next; the first one also before.
OWN = """
    with enrolled as (
        select enrollment_id, course_id, begin_on, end_on
        from marts.dim_enrollments
        where
            client_id = $viewer_client_id and student_id = $student_id and role = 'student'
            and is_active
    ),

    versions as (
        select
            record.sourced_id as enrollment_id,
            (record.payload -> '$.metadata.goals.dailyXp')::double as goal_xp,
            lag(record.version) over known is null as is_first,
            (record.recorded_at at time zone $goal_zone)::date as known_from,
            (lead(record.recorded_at) over known at time zone $goal_zone)::date as known_to
        from raw.records as record
        semi join enrolled on record.sourced_id = enrolled.enrollment_id
        where record.record_type = 'enrollment'
        window known as (partition by record.sourced_id order by record.version)
    ),

    goals as (
        select
            enrolled.enrollment_id, enrolled.course_id, versions.goal_xp,
            unnest(generate_series(
                greatest(
                    $goal_start_on, enrolled.begin_on, if(is_first, null, versions.known_from)
                )::timestamp,
                least($goal_end_on, enrolled.end_on, versions.known_to - 1)::timestamp,
                interval 1 day
            ))::date as local_on
        from enrolled
        inner join versions using (enrollment_id)
        where versions.goal_xp is not null
    ),

    between_terms as (
        select local_on
        from marts.fct_daily_goals
        where student_id = $student_id and subject = 'All' and not is_in_term
    ),

    earned as (
        select enrollment_id, earned_on as local_on, sum(xp) as xp
        from marts.fct_xp_ledger
        where student_id = $student_id and status = 'credited'
        group by enrollment_id, earned_on
    )

    select
        goals.local_on, coalesce(course.subject, 'Other') as subject, goals.enrollment_id,
        goals.goal_xp, 'enrollment' as goal_source, coalesce(earned.xp, 0)::double as earned_xp,
        case
            when goals.goal_xp <= 0 then 'no_goal'
            when coalesce(earned.xp, 0) >= goals.goal_xp then 'met'
            when coalesce(earned.xp, 0) = 0 then 'not_started'
            else 'behind'
        end as status,
        true as is_in_term, null::boolean as is_school_day, null::bigint as streak_days
    from goals
    left join marts.dim_courses as course using (course_id)
    left join earned using (enrollment_id, local_on)
    anti join between_terms using (local_on)
"""


def goal_rows(reading: Reading, student_id: str, days: Period) -> Condition:
    """A query of the goals of a student's days (of the school), with its parameters.

    For staff one row a day and subject, `All` the whole day; for a partner one row a day and
    enrollment that carries a goal. Streaks and school days are null to a partner.
    """
    parameters = {
        "student_id": student_id,
        "goal_start_on": days.start,
        "goal_end_on": days.end,
    }
    if reading.sight.client_id is None:
        return Condition(SHARED, parameters)
    return Condition(
        OWN,
        {**parameters, "viewer_client_id": reading.sight.client_id, "goal_zone": days.zone.key},
    )

{{ config(materialized='table') }}

-- Rule X5: credit goes to one enrollment, an active student enrollment in a class of that course
-- on that local day; tie: the student's school, then primary, latest begin, smallest id. One that
-- ends within the day leaves the rest of it to the next.
with days as (

    select distinct student_id, school_id, course_id, local_on
    from {{ ref('int_events__judged') }}
    where verdict = 'accepted' and course_id is not null

),

enrollments as (

    select
        *,
        coalesce(ended_at, timestamptz 'infinity') as credited_to_at
    from {{ ref('int_enrollments__current') }}
    where role = 'student'

),

ranked as (

    select
        days.*,
        enrollments.enrollment_id,
        enrollments.class_id,
        enrollments.credited_to_at,
        coalesce(
            max(enrollments.credited_to_at) over (
                partition by days.student_id, days.school_id, days.course_id, days.local_on
                order by
                    coalesce(enrollments.school_id, days.school_id)
                    is not distinct from days.school_id desc,
                    enrollments.is_primary desc,
                    enrollments.begin_on desc nulls last,
                    enrollments.enrollment_id asc
                rows between unbounded preceding and 1 preceding
            ),
            timestamptz '-infinity'
        ) as credited_from_at
    from days
    inner join enrollments
        on days.student_id = enrollments.student_id
        and days.course_id = enrollments.course_id
        and days.local_on >= coalesce(enrollments.begin_on, date '-infinity')
        and days.local_on <= coalesce(enrollments.end_on, date 'infinity')

),

-- Since when the roster says so: the first version whose days hold the event's.
final as (

    select
        ranked.student_id,
        ranked.school_id,
        ranked.course_id,
        ranked.local_on,
        ranked.credited_from_at,
        ranked.credited_to_at,
        ranked.enrollment_id,
        ranked.class_id,
        min(versions.recorded_at) as enrolled_at
    from ranked
    left join {{ ref('stg_catalog__enrollments') }} as versions
        on
            ranked.enrollment_id = versions.enrollment_id
            and versions.status = 'active'
            and ranked.local_on >= coalesce(versions.begin_on, date '-infinity')
            and ranked.local_on <= coalesce(versions.end_on, date 'infinity')
    where ranked.credited_from_at < ranked.credited_to_at
    group by all

)

select * from final

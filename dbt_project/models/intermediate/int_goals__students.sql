-- The span of days that this build judges: of a redone student every day, of the others those since
-- the last build.
with first_versions as (

    select
        enrollment_id,
        min(recorded_at) as recorded_at
    from {{ ref('stg_catalog__enrollments') }}
    group by all

),

students as (

    select
        *,
        {{ local_date(as_of(), 'timezone') }} as today
    from {{ ref('dim_students') }}

),

enrollments as (

    select
        students.student_id,
        students.today,
        students.timezone,
        coalesce(
            enrollments.begin_on,
            {{ local_date('first_versions.recorded_at', 'students.timezone') }}
        ) as begin_on,
        least(
            enrollments.end_on,
            {{ local_date('enrollments.ended_at', 'students.timezone') }} - 1,
            students.today
        ) as end_on
    from {{ ref('int_enrollments__current') }} as enrollments
    inner join first_versions on enrollments.enrollment_id = first_versions.enrollment_id
    inner join students on enrollments.student_id = students.student_id
    where enrollments.role = 'student'

),

activity as (

    select
        student_id,
        min(local_on) as first_on,
        max(local_on) as last_on
    from {{ ref('int_events__accepted') }}
    group by all

),

spans as (

    select
        enrollments.student_id,
        enrollments.today,
        enrollments.timezone,
        least(min(enrollments.begin_on), min(activity.first_on), enrollments.today) as first_on,
        least(
            greatest(max(enrollments.end_on), max(activity.last_on)), enrollments.today
        ) as last_on
    from enrollments
    left join activity on enrollments.student_id = activity.student_id
    group by enrollments.student_id, enrollments.today, enrollments.timezone

),

final as (

    select
        student_id,
        today,
        last_on,
        case
            when {{ this_run('student_id') }} then first_on
            else greatest(first_on, {{ local_date(marked_as_of(), 'timezone') }} - 1)
        end as first_on
    from spans

)

select * from final

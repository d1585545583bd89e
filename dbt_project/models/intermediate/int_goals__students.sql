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

final as (

    select
        enrollments.student_id,
        enrollments.today,
        least(min(enrollments.begin_on), min(activity.first_on), enrollments.today) as first_on,
        least(
            greatest(max(enrollments.end_on), max(activity.last_on)), enrollments.today
        ) as last_on
    from enrollments
    left join activity on enrollments.student_id = activity.student_id
    group by enrollments.student_id, enrollments.today

)

select * from final

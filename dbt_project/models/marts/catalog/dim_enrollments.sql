with enrollments as (

    select * from {{ ref('int_enrollments__current') }}

),

students as (

    select student_id, timezone from {{ ref('dim_students') }}

),

final as (

    select
        enrollments.enrollment_id,
        enrollments.student_id,
        enrollments.class_id,
        enrollments.course_id,
        enrollments.client_id,
        enrollments.school_id,
        enrollments.role,
        enrollments.is_primary,
        enrollments.begin_on,
        enrollments.end_on,
        enrollments.ended_at is null
        and {{ local_date(as_of(), "coalesce(students.timezone, 'UTC')") }}
        between coalesce(enrollments.begin_on, date '-infinity')
        and coalesce(enrollments.end_on, date 'infinity') as is_active
    from enrollments
    left join students on enrollments.student_id = students.student_id
    order by student_id, enrollment_id

)

select * from final

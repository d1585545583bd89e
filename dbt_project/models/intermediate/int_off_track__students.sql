-- Students actively enrolled today, and the first day of the week that is looked at.
with enrolled as (

    select distinct student_id from {{ ref('dim_enrollments') }}
    where is_active and role = 'student'

),

final as (

    select
        students.student_id,
        students.school_id,
        {{ local_date(as_of(), 'students.timezone') }} as today,
        {{ local_date(as_of(), 'students.timezone') }} - {{ var('off_track_days') - 1 }}
            as week_starts_on
    from {{ ref('dim_students') }} as students
    semi join enrolled on students.student_id = enrolled.student_id
    where students.is_active

)

select * from final

-- Students actively enrolled today, and the first day of the week that is looked at; nobody outside
-- the school's terms (ruling p).
with enrolled as (

    select distinct student_id from {{ ref('dim_enrollments') }}
    where is_active and role = 'student'

),

free as (

    select student_id, local_on from {{ ref('int_goals__days') }}
    where subject = 'All' and not is_in_term

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
    anti join free
        on
            students.student_id = free.student_id
            and free.local_on = {{ local_date(as_of(), 'students.timezone') }}
    where students.is_active

)

select * from final

{{ config(materialized='incremental') }}

-- Ruling p: a school's terms are the academic sessions that its classes name; a class that names no
-- school is at those of its students. Dates and deletions are read as an enrollment's are.
with sessions as (

    {{ last_active_versions(ref('stg_catalog__academic_sessions'), 'academic_session_id') }}

),

classes as (

    {{ last_active_versions(ref('stg_catalog__classes'), 'class_id') }}

),

named as (

    select
        class_id,
        school_id,
        unnest(term_ids) as academic_session_id,
        ended_at
    from classes

),

members as (

    select distinct
        enrollments.class_id,
        coalesce(enrollments.school_id, students.school_id) as school_id
    from {{ ref('stg_catalog__enrollments') }} as enrollments
    inner join {{ ref('dim_students') }} as students
        on enrollments.student_id = students.student_id
    where enrollments.role = 'student'

),

placed as (

    select school_id, academic_session_id, ended_at from named
    where school_id is not null
    union all
    select members.school_id, named.academic_session_id, named.ended_at
    from named
    inner join members on named.class_id = members.class_id
    where named.school_id is null and members.school_id is not null

),

final as (

    select
        placed.school_id,
        sessions.academic_session_id,
        sessions.begin_on,
        sessions.end_on,
        nullif(
            max(
                least(
                    coalesce(placed.ended_at, timestamptz 'infinity'),
                    coalesce(sessions.ended_at, timestamptz 'infinity')
                )
            ),
            timestamptz 'infinity'
        ) as ended_at
    from placed
    inner join sessions on placed.academic_session_id = sessions.academic_session_id
    group by
        placed.school_id, sessions.academic_session_id, sessions.begin_on, sessions.end_on
    order by school_id, academic_session_id

)

select * from final

{{ config(materialized='table') }}

-- A student is known to every client, but for one that a testing client made: to that client only.
-- A lesson is one of the client's own catalog; of courses an own one goes first.
with sent as (

    select * from {{ ref('int_references__sent') }}

),

students as (

    select sent.client_id, sent.reference, arg_min(students.student_id, sent.position) as student_id
    from sent
    inner join {{ ref('dim_students') }} as students
        on sent.record_id = students.student_id
        and (not students.is_sandbox or sent.client_id = students.owner_client_id)
    group by sent.client_id, sent.reference

),

courses as (

    select
        sent.client_id,
        sent.reference,
        coalesce(bool_or(courses.client_id = sent.client_id), false) as is_course_owned,
        arg_min(
            courses.course_id,
            {'is_foreign': courses.client_id is distinct from sent.client_id, 'position': sent.position}
        ) as course_id
    from sent
    inner join {{ ref('dim_courses') }} as courses on sent.record_id = courses.course_id
    group by sent.client_id, sent.reference

),

lessons as (

    select sent.client_id, sent.reference, arg_min(lessons.lesson_id, sent.position) as lesson_id
    from sent
    inner join {{ ref('dim_lessons') }} as lessons
        on sent.record_id = lessons.lesson_id and sent.client_id = lessons.client_id
    group by sent.client_id, sent.reference

),

final as (

    select
        client_id,
        reference,
        students.student_id,
        courses.course_id,
        courses.is_course_owned,
        lessons.lesson_id
    from students
    full join courses using (client_id, reference)
    full join lessons using (client_id, reference)

)

select * from final

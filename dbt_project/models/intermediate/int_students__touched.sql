{{ config(materialized='table') }}

-- The students whose figures a build redoes: named by a touched event or a changed record,
-- enrolled in a course that changed, enrolled since or until these days, or active when the last
-- build closed its books, when a session of theirs may have been open.
with changed as (

    select * from {{ ref('int_records__changed') }}

),

changed_courses as (

    select record_id as course_id from changed where record_type = 'course'
    union
    select lessons.course_id
    from {{ ref('dim_lessons') }} as lessons
    semi join changed on changed.record_type = 'lesson' and lessons.lesson_id = changed.record_id

),

named as (

    select unnest(student_keys) as student_id from {{ ref('int_events__touched') }}
    union
    select record_id as student_id from changed where record_type = 'user'
    union
    select enrollments.student_id
    from {{ ref('int_enrollments__current') }} as enrollments
    semi join changed_courses on enrollments.course_id = changed_courses.course_id
    union
    select student_id
    from {{ ref('int_enrollments__current') }}
    where
        begin_on between {{ marked_as_of() }} - to_days(2) and {{ as_of() }} + to_days(2)
        or end_on between {{ marked_as_of() }} - to_days(2) and {{ as_of() }} + to_days(2)
    union
    select student_id
    from {{ ref('int_events__verdicts') }}
    where
        occurred_at >= {{ marked_as_of() }} - to_minutes({{ var('bracketed_gap_minutes') }})

),

final as (

    select students.student_id
    from {{ ref('dim_students') }} as students
    semi join named on students.student_id = named.student_id
    order by students.student_id

)

select * from final

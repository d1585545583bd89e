{{ config(materialized='table') }}

{{ after('int_events__verdicts', 'int_records__changed', 'int_enrollments__changed',
    'int_enrollments__current', 'int_lessons__linked', 'int_lessons__begun', 'fct_sessions',
    'int_sessions__mapped', 'fct_activity_segments', 'dim_enrollments', 'dim_lessons') }}
-- What a student did in a lesson is redone as a whole: where one of its events, its session or its
-- time reads otherwise now, where the catalog or an enrollment changed. In a full build none is
-- named.
{% if is_small_build() %}

with changed as (

    select * from {{ ref('int_records__changed') }}

),

lessons as (

    select lesson_id, course_id, unit_id from {{ ref('dim_lessons') }}

),

mastery as (

    select student_id, lesson_id, course_id from {{ previous('fct_lesson_mastery') }}

),

events as (

    select student_id, lesson_id from {{ delta('int_events__verdicts') }}

),

segments as (

    select * from {{ delta('fct_activity_segments') }}

),

-- Sessions that opened or closed: what was begun in them may be unfinished or abandoned now.
closed as (

    select session_id from {{ delta('fct_sessions') }}
    group by session_id
    having count(*) filter (where end_reason = 'open') = 1

),

resessioned as (

    select day, journal_seq, event_index from {{ delta('int_sessions__mapped') }}
    union
    select mapped.day, mapped.journal_seq, mapped.event_index
    from {{ ref('int_sessions__mapped') }} as mapped
    semi join closed using (session_id)
    where {{ not_before('int_students__touched', 'from_day', 'mapped.day') }}

),

changed_lessons as (

    select lesson_id, course_id from lessons
    semi join changed on changed.record_type = 'lesson' and lessons.lesson_id = changed.record_id
    union
    select lesson_id, course_id from lessons
    semi join changed on changed.record_type = 'unit' and lessons.unit_id = changed.record_id
    union
    select lesson_id, course_id from lessons
    semi join changed on changed.record_type = 'course' and lessons.course_id = changed.record_id

),

changed_courses as (

    select changed.student_id, current_enrollments.course_id
    from {{ ref('int_enrollments__changed') }} as changed
    inner join {{ ref('int_enrollments__current') }} as current_enrollments
        using (enrollment_id)
    union
    select student_id, course_id from {{ delta('dim_enrollments') }}

),

named as (

    select student_id, lesson_id from events
    union
    select student_id, lesson_id from segments
    union
    select verdicts.student_id, verdicts.lesson_id
    from {{ ref('int_events__verdicts') }} as verdicts
    semi join resessioned using (day, journal_seq, event_index)
    where {{ not_before('int_students__touched', 'from_day', 'verdicts.day') }}
    union
    select mastery.student_id, mastery.lesson_id from mastery
    semi join changed_lessons using (lesson_id)
    union
    select enrollments.student_id, changed_lessons.lesson_id
    from {{ ref('int_enrollments__current') }} as enrollments
    inner join changed_lessons using (course_id)
    where enrollments.role = 'student'
    union
    select changed_courses.student_id, lessons.lesson_id
    from changed_courses
    inner join lessons using (course_id)
    union
    select mastery.student_id, mastery.lesson_id from mastery
    semi join changed on changed.record_type = 'user' and mastery.student_id = changed.record_id

),

linked as (

    select student_id, lesson_id from named
    union
    select named.student_id, pairs.linked_lesson_id
    from named
    inner join {{ ref('int_lessons__linked') }} as pairs using (student_id, lesson_id)

),

begun as (

    select student_id, lesson_id, first_day from {{ ref('int_lessons__begun') }}

),

lessons_begun as (

    select lesson_id, min(first_day) as first_day from begun
    group by lesson_id

),

final as (

    select
        linked.student_id,
        linked.lesson_id,
        lessons.course_id,
        -- a local day begins before the UTC day, and measured time before its event
        begun.first_day - 2 as first_on,
        lessons_begun.first_day - 2 as lesson_first_on
    from linked
    left join lessons using (lesson_id)
    left join begun using (student_id, lesson_id)
    left join lessons_begun using (lesson_id)
    where linked.student_id is not null and linked.lesson_id is not null

)

{% else %}

with final as (

    select
        cast(null as varchar) as student_id,
        lesson_id,
        course_id,
        cast(null as date) as first_on,
        cast(null as date) as lesson_first_on
    from {{ ref('dim_lessons') }}
    where false

)

{% endif %}

select * from final

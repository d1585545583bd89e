{{ config(materialized='table') }}

{{ after('int_events__verdicts', 'int_events__touched', 'int_students__touched',
    'int_records__changed', 'int_enrollments__changed', 'int_enrollments__current',
    'int_lessons__linked', 'int_lessons__begun', 'stg_catalog__lessons') }}
-- What a student did in a lesson is redone as a whole: where one of its events changed or lies in
-- a redone window (its session may be another one now), where its XP of a day may be reviewed anew,
-- where the catalog or an enrollment changed. In a full build none is named.
{% if is_small_build() %}

with recursive touched as (

    select journal_seq, event_index, day from {{ ref('int_events__touched') }}

),

changed as (

    select * from {{ ref('int_records__changed') }}

),

lessons as (

    select lesson_id, course_id, unit_id from {{ ref('dim_lessons') }}

),

mastery as (

    select student_id, lesson_id, course_id from {{ previous('fct_lesson_mastery') }}

),

events as (

    select student_id, lesson_id, event_type, object_hash
    from {{ ref('int_events__verdicts') }}
    semi join touched using (day, journal_seq, event_index)
    union all
    select student_id, lesson_id, event_type, object_hash
    from {{ previous('int_events__verdicts') }}
    semi join touched using (day, journal_seq, event_index)

),

-- Days whose XP may be reviewed anew: those of the attempts that a touched event corrects.
corrected_days as (

    select distinct verdicts.student_id, verdicts.local_on
    from {{ ref('int_events__verdicts') }} as verdicts
    semi join events
        on
            verdicts.student_id = events.student_id
            and verdicts.object_hash = events.object_hash
            and verdicts.event_type = events.event_type
    where verdicts.verdict = 'accepted' and verdicts.event_type = 'GradeEvent'

),

ledger as (

    select student_id, lesson_id, earned_on from {{ previous('fct_xp_ledger') }}

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
    select changed.student_id, earlier.course_id
    from {{ ref('int_enrollments__changed') }} as changed
    inner join {{ previous('dim_enrollments') }} as earlier
        on changed.enrollment_id = earlier.enrollment_id

),

named as (

    select student_id, lesson_id from events
    union
    select verdicts.student_id, verdicts.lesson_id
    from {{ ref('int_events__verdicts') }} as verdicts
    where
        verdicts.verdict = 'accepted'
        and {{ in_window('verdicts.student_id', 'verdicts.occurred_at') }}
    union
    select ledger.student_id, ledger.lesson_id from ledger
    where {{ in_window_days('ledger.student_id', 'ledger.earned_on') }}
    union
    select ledger.student_id, ledger.lesson_id from ledger
    semi join corrected_days
        on
            ledger.student_id = corrected_days.student_id
            and ledger.earned_on = corrected_days.local_on
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
    union
    select named.student_id, linked.linked_lesson_id
    from named
    inner join {{ ref('int_lessons__linked') }} as linked using (student_id, lesson_id)

),

begun as (

    select student_id, lesson_id, min(first_day) as first_day
    from {{ ref('int_lessons__begun') }}
    group by student_id, lesson_id

),

lessons_begun as (

    select lesson_id, min(first_day) as first_day from begun
    group by lesson_id

),

final as (

    select
        named.student_id,
        named.lesson_id,
        lessons.course_id,
        -- a local day begins before the UTC day, and measured time before its event
        begun.first_day - 2 as first_on,
        lessons_begun.first_day - 2 as lesson_first_on
    from named
    left join lessons using (lesson_id)
    left join begun using (student_id, lesson_id)
    left join lessons_begun using (lesson_id)
    where named.student_id is not null and named.lesson_id is not null

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

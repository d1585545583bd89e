{{ config(materialized='table') }}

{{ after('int_events__verdicts', 'int_records__changed', 'int_enrollments__changed',
    'int_enrollments__current', 'int_attempts__recurring', 'int_lessons__linked', 'int_lessons__begun', 'fct_sessions',
    'int_sessions__mapped', 'fct_activity_segments', 'dim_enrollments', 'dim_lessons') }}
-- What a student did in a lesson is redone as a whole: where one of its events, its session or its
-- time reads otherwise now, where its XP of a day may be reviewed anew, where the catalog or an
-- enrollment changed. In a full build none is named.
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

ledger as (

    select student_id, client_id, app_id, lesson_id, earned_on, is_review
    from {{ previous('fct_xp_ledger') }}

),

events as (

    select student_id, lesson_id, event_type, object_hash
    from {{ delta('int_events__verdicts') }}

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

-- Streams whose time counts now and did not, or did and counts no more (rule X8).
timed as (

    select student_id, client_id, app_id, sum(if(is_added, 1, -1)) as gained
    from {{ delta('fct_sessions') }}
    where time_quality <> 'none'
    group by all
    having sum(if(is_added, 1, -1)) <> 0

),

retimed as (

    select timed.student_id, timed.client_id, timed.app_id
    from timed
    left join {{ ref('fct_sessions') }} as sessions
        on
            timed.student_id = sessions.student_id
            and timed.client_id = sessions.client_id
            and timed.app_id = sessions.app_id
            and sessions.time_quality <> 'none'
    group by timed.student_id, timed.client_id, timed.app_id, timed.gained
    having count(sessions.student_id) in (0, timed.gained)

),

-- Days whose XP may be reviewed anew: those of the attempts that an event corrects, those whose
-- time changed.
corrected_days as (

    select distinct verdicts.student_id, verdicts.local_on
    from {{ ref('int_events__verdicts') }} as verdicts
    semi join {{ ref('int_attempts__recurring') }} as recurring
        using (day, journal_seq, event_index)
    where
        verdicts.verdict = 'accepted'
        and verdicts.event_type = 'GradeEvent'
        and {{ not_before('int_attempts__recurring', 'day', 'verdicts.day') }}

),

reviewed_days as (

    select student_id, local_on from corrected_days
    union
    select student_id, local_on from segments
    union
    select ledger.student_id, ledger.earned_on
    from ledger
    semi join retimed using (student_id, client_id, app_id)
    union
    select student_id, local_on from {{ delta('int_events__verdicts') }}
    where event_type = 'GradeEvent'

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
    select ledger.student_id, ledger.lesson_id
    from ledger
    semi join reviewed_days
        on
            ledger.student_id = reviewed_days.student_id
            and ledger.earned_on = reviewed_days.local_on
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

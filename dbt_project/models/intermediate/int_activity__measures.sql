-- Everything that a student's day in one lesson adds up, one measure after the other.
with touched as (

    select * from {{ ref('int_students__touched') }}

),

events as (

    select * from {{ ref('int_events__accepted') }} semi join touched using (student_id)

),

mastered as (

    select
        lessons.student_id,
        lessons.first_mastered_on as local_on,
        lessons.client_id,
        max_by(events.app_id, (events.occurred_at, events.event_id)) as app_id,
        lessons.course_id,
        lessons.lesson_id,
        max_by(events.subject, (events.occurred_at, events.event_id)) as subject,
        1 as mastered_lessons
    from {{ ref('fct_lesson_mastery') }} as lessons
    semi join touched using (student_id)
    inner join events
        on lessons.student_id = events.student_id
        and lessons.lesson_id = events.lesson_id
        and lessons.first_mastered_at >= events.occurred_at
    group by all

),

final as (

    select
        student_id, local_on, client_id, app_id, course_id, lesson_id, subject,
        if(state = 'active' and is_counted, seconds, 0) as active_seconds,
        if(state = 'idle' and is_counted, seconds, 0) as idle_seconds,
        if(state = 'active', seconds, 0) as own_active_seconds,
        if(state = 'idle', seconds, 0) as own_idle_seconds
    from {{ ref('fct_activity_segments') }} semi join touched using (student_id)
    union all by name
    select
        student_id, earned_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        xp,
        if(status = 'credited', xp, 0) as credited_xp
    from {{ ref('fct_xp_ledger') }} semi join touched using (student_id)
    union all by name
    select
        student_id, answered_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        1 as total_questions,
        is_scored::integer as scored_questions,
        coalesce(is_correct, false)::integer as correct_questions
    from {{ ref('fct_item_responses') }} semi join touched using (student_id)
    union all by name
    select * from mastered
    union all by name
    select
        student_id, local_on, client_id, app_id, course_id, lesson_id, subject,
        1 as event_count
    from events

)

select * from final

-- Everything that a student's day in one lesson adds up, one measure after the other.
with catalog as (

    select lesson_id, client_id, course_id from {{ ref('dim_lessons') }}

),

final as (

    select
        student_id, local_on, client_id, app_id, course_id, lesson_id, subject,
        if(state = 'active' and is_counted, seconds, 0) as active_seconds,
        if(state = 'idle' and is_counted, seconds, 0) as idle_seconds,
        if(state = 'active' and is_counted_for_client, seconds, 0) as client_active_seconds,
        if(state = 'idle' and is_counted_for_client, seconds, 0) as client_idle_seconds,
        if(state = 'active', seconds, 0) as own_active_seconds,
        if(state = 'idle', seconds, 0) as own_idle_seconds
    from {{ ref('fct_activity_segments') }}
    where {{ is_touched(days('student_id', 'local_on')) }}
    union all by name
    select
        student_id, earned_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        xp,
        if(status = 'credited', xp, 0) as credited_xp,
        restated_at
    from {{ ref('fct_xp_ledger') }}
    where {{ is_touched(days('student_id', 'earned_on')) }}
    union all by name
    select
        student_id, answered_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        1 as total_questions,
        is_scored::integer as scored_questions,
        coalesce(is_correct, false)::integer as correct_questions
    from {{ ref('fct_item_responses') }}
    where {{ is_touched(days('student_id', 'answered_on')) }}
    union all by name
    -- Rule h: the questions of an assessment that says how many there were, and had no items.
    select
        student_id, scored_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        item_count as total_questions,
        item_count as scored_questions,
        correct_count as correct_questions
    from {{ ref('int_attempts__results') }}
    where has_counts_alone and {{ is_touched(days('student_id', 'scored_on')) }}
    union all by name
    select
        mastered.student_id,
        mastered.first_mastered_on as local_on,
        catalog.client_id,
        mastered.mastered_app_id as app_id,
        catalog.course_id,
        mastered.lesson_id,
        mastered.mastered_subject as subject,
        1 as mastered_lessons
    from {{ ref('int_mastery__first') }} as mastered
    inner join catalog using (lesson_id)
    where
        mastered.mastered_app_id is not null
        and {{ is_touched(days('mastered.student_id', 'mastered.first_mastered_on')) }}
    union all by name
    select
        student_id, local_on, client_id, app_id, course_id, lesson_id, subject,
        1 as event_count,
        {{ restated_at('known_at', 'local_on', 'timezone') }} as restated_at
    from {{ ref('int_events__verdicts') }}
    where verdict = 'accepted' and {{ is_touched(days('student_id', 'local_on')) }}

)

select * from final

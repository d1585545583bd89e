{{ config(
    materialized='incremental',
    meta={'units': [lessons('answered_on')]},
    partitioned_by=['year(answered_on)', 'month(answered_on)'],
    sorted_by=['student_id', 'answered_on'],
) }}

with answered as (

    select
        *,
        {{ attempt_key('answered', 'answered.session_id') }} as attempt_key,
        {{ attempt_id('answered') }} as attempt_id,
        {{ named_ref('answered', 'answered') }} as named_ref
    from {{ ref('int_items__answered') }} as answered

),

graded_alone as (

    select
        *,
        {{ attempt_key('graded', 'graded.session_id') }} as attempt_key,
        {{ attempt_id('graded') }} as attempt_id,
        {{ named_ref('graded', 'graded') }} as named_ref
    from {{ ref('int_items__graded_alone') }} as graded

),

responses as (

    select
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        session_id,
        coalesce(object_ref, attempt_key) as item_ref,
        case when object_ref is not null then object_name end as item_title,
        attempt_key,
        attempt_id,
        named_ref,
        occurred_at as answered_at,
        local_on as answered_on,
        score_given,
        max_score,
        response_seconds,
        event_id as source_event_id
    from answered
    union all
    select
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        session_id,
        item_ref,
        case
            when object_type is distinct from 'Attempt' and item_ref = object_ref then object_name
        end as item_title,
        attempt_key,
        attempt_id,
        named_ref,
        answered_at,
        answered_on,
        score_given,
        max_score,
        duration_seconds as response_seconds,
        first_event_id as source_event_id
    from graded_alone

),

assessed as (

    select
        responses.* exclude (attempt_id, named_ref),
        coalesce(responses.named_ref, lent.lent_ref, responses.lesson_id) as assessed_ref
    from responses
    left join {{ ref('int_attempts__lent') }} as lent
        using (client_id, student_id, lesson_id, attempt_id)

),

final as (

    select
        {{ uuid5("to_json(['response', client_id, source_event_id])::varchar") }} as response_id,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        session_id,
        item_ref,
        item_title,
        attempt_key,
        assessed_ref,
        answered_at,
        answered_on,
        score_given is not null and coalesce(max_score, 1) > 0 as is_scored,
        case when is_scored then score_given >= coalesce(max_score, 1) end as is_correct,
        score_given,
        max_score,
        response_seconds,
        source_event_id
    from assessed
    order by student_id, answered_on, answered_at, response_id

)

select * from final

{{ config(
    materialized='incremental',
    meta={'units': [lessons()]},
    sorted_by=['student_id', 'lesson_id'],
) }}

with attempts as (

    select
        *,
        row_number() over (
            partition by student_id, lesson_id
            order by first_evidence_at, attempt_key, assessed_ref
        ) = 1 as is_first_attempt
    from {{ ref('int_mastery__attempts') }}

),

items as (

    select
        student_id,
        lesson_id,
        answered_at,
        answered_on,
        {{ mastered_by_items('responses') }} as is_mastering
    from {{ ref('fct_item_responses') }} as responses
    where
        responses.is_scored
        and {{ in_lessons(
            'responses.student_id', 'responses.lesson_id', 'responses.answered_on'
        ) }}

),

moments as (

    select
        student_id,
        lesson_id,
        evidence_at as mastered_at,
        evidence_on as mastered_on,
        is_first_attempt as is_unpractised
    from attempts
    where is_mastering
    union all
    select
        student_id,
        lesson_id,
        answered_at as mastered_at,
        answered_on as mastered_on,
        false as is_unpractised
    from items
    where is_mastering

),

first_moments as (

    select
        student_id,
        lesson_id,
        min(mastered_at) as first_mastered_at,
        arg_min(mastered_on, (mastered_at, mastered_on)) as first_mastered_on,
        arg_min(is_unpractised, (mastered_at, not is_unpractised)) as is_unpractised
    from moments
    group by all

),

events as (

    select * from {{ ref('int_events__accepted') }}
    where {{ in_lessons('student_id', 'lesson_id') }}

),

final as (

    select
        first_moments.*,
        max_by(events.app_id, (events.occurred_at, events.event_id)) as mastered_app_id,
        max_by(events.subject, (events.occurred_at, events.event_id)) as mastered_subject
    from first_moments
    left join events
        on
            first_moments.student_id = events.student_id
            and first_moments.lesson_id = events.lesson_id
            and first_moments.first_mastered_at >= events.occurred_at
    group by all

)

select * from final

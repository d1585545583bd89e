{{ config(materialized='table') }}

with named as (

    select * from {{ ref('int_attempts__named') }}

),

chained as (

    select client_id, student_id, event_id, correcting_event_id
    from {{ ref('int_ledger__chained') }}

),

final as (

    select
        named.student_id,
        named.client_id,
        named.app_id,
        named.course_id,
        named.lesson_id,
        named.subject,
        named.class_id,
        named.event_id,
        named.session_id,
        named.event_family,
        named.action,
        named.occurred_at,
        named.local_on,
        named.object_ref,
        named.object_name,
        named.attempt_key,
        named.assessed_ref,
        row_number() over (
            partition by
                named.client_id, named.student_id, named.lesson_id, named.attempt_key,
                named.assessed_ref
            order by named.occurred_at, named.event_id
        ) as attempt_place,
        named.score_type,
        named.max_score,
        named.question_count,
        named.correct_count,
        named.score_comment,
        case
            when named.event_family in ('item', 'item_grade') then null
            when named.event_family <> 'xp' then named.score_given
            when chained.event_id is not null and chained.correcting_event_id is null
                then named.score_given
        end as score_given
    from named
    left join chained
        on named.client_id = chained.client_id and named.event_id = chained.event_id

)

select * from final

{{ config(materialized='table') }}

with named as (

    select * from {{ ref('int_attempts__named') }}

),

assessed as (

    select
        named.* exclude (named_ref),
        case
            when named.event_family = 'xp' then named.lesson_id
            else coalesce(named.named_ref, lent.lent_ref, named.lesson_id)
        end as assessed_ref
    from named
    left join {{ ref('int_attempts__lent') }} as lent
        using (client_id, student_id, lesson_id, attempt_id)

),

chained as (

    select client_id, student_id, event_id, correcting_event_id
    from {{ ref('int_ledger__chained') }}

),

final as (

    select
        assessed.student_id,
        assessed.client_id,
        assessed.app_id,
        assessed.course_id,
        assessed.lesson_id,
        assessed.subject,
        assessed.class_id,
        assessed.event_id,
        assessed.session_id,
        assessed.event_family,
        assessed.action,
        assessed.occurred_at,
        assessed.local_on,
        assessed.object_ref,
        assessed.object_name,
        assessed.attempt_key,
        assessed.assessed_ref,
        row_number() over (
            partition by
                assessed.client_id, assessed.student_id, assessed.lesson_id, assessed.attempt_key,
                assessed.assessed_ref
            order by assessed.occurred_at, assessed.event_id
        ) as attempt_place,
        assessed.score_type,
        assessed.max_score,
        assessed.question_count,
        assessed.correct_count,
        assessed.score_comment,
        case
            when assessed.event_family in ('item', 'item_grade') then null
            when assessed.event_family <> 'xp' then assessed.score_given
            when chained.event_id is not null and chained.correcting_event_id is null
                then assessed.score_given
        end as score_given
    from assessed
    left join chained
        on assessed.client_id = chained.client_id and assessed.event_id = chained.event_id

)

select * from final

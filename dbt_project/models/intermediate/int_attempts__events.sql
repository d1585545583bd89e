{{ config(materialized='table') }}

with named as (

    select * from {{ ref('int_attempts__named') }}

),

chained as (

    select client_id, student_id, event_id, correcting_event_id
    from {{ ref('int_ledger__chained') }}

),

lent as (

    select
        *,
        last_value(case when event_family <> 'item_grade' then named_ref end ignore nulls)
            over (attempt_time rows between unbounded preceding and current row) as earlier_ref,
        first_value(case when event_family <> 'item_grade' then named_ref end ignore nulls)
            over (attempt_time rows between current row and unbounded following) as later_ref,
        row_number() over attempt_time as attempt_place
    from named
    window
        attempt_time as (
            partition by client_id, student_id, lesson_id, attempt_key
            order by occurred_at, event_id
        )

),

final as (

    select
        lent.student_id,
        lent.client_id,
        lent.app_id,
        lent.course_id,
        lent.lesson_id,
        lent.class_id,
        lent.event_id,
        lent.session_id,
        lent.event_family,
        lent.action,
        lent.occurred_at,
        lent.local_on,
        lent.object_ref,
        lent.object_name,
        lent.attempt_key,
        lent.attempt_place,
        lent.score_type,
        lent.max_score,
        lent.question_count,
        lent.correct_count,
        lent.score_comment,
        coalesce(
            lent.named_ref,
            case
                when lent.event_family <> 'item_grade'
                    then coalesce(lent.earlier_ref, lent.later_ref)
            end,
            lent.lesson_id
        ) as assessed_ref,
        case
            when lent.event_family = 'item' then null
            when lent.event_family <> 'xp' then lent.score_given
            when chained.event_id is not null and chained.correcting_event_id is null
                then lent.score_given
        end as score_given
    from lent
    left join chained
        on lent.client_id = chained.client_id and lent.event_id = chained.event_id

)

select * from final

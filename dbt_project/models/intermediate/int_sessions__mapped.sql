{{ config(
    materialized='incremental',
    meta={'units': [window('occurred_at')]},
    partitioned_by=['year(day)', 'month(day)'],
    sorted_by=['day', 'student_id', 'occurred_at'],
) }}

with pieced as (

    select * from {{ ref('int_sessions__pieced') }}

),

-- When the answer of a question began: at its start in the session, else at the answer before.
timed as (

    select
        *,
        coalesce(
            max(occurred_at) filter (where item_action = 'Started') over (
                partition by session_id, item_ref order by place
                rows between unbounded preceding and 1 preceding
            ),
            max(occurred_at) filter (where item_action = 'Completed') over (
                partition by session_id order by place
                rows between unbounded preceding and 1 preceding
            )
        ) as item_began_at
    from pieced

),

final as (

    select
        journal_seq,
        event_index,
        cast(occurred_at as date) as day,
        student_id,
        occurred_at,
        session_id,
        case when item_action = 'Completed' then item_began_at end as response_began_at
    from timed
    order by day, student_id, occurred_at, event_id

)

select * from final

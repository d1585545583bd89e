{{ config(
    materialized='incremental',
    incremental_strategy='touched_window',
    instant='occurred_at',
    partitioned_by=['year(day)', 'month(day)'],
    sorted_by=['day', 'student_id', 'occurred_at'],
) }}

with pieced as (

    select * from {{ ref('int_sessions__pieced') }}

),

final as (

    select
        journal_seq,
        event_index,
        cast(occurred_at as date) as day,
        student_id,
        occurred_at,
        session_id
    from pieced
    order by day, student_id, occurred_at, event_id

)

select * from final

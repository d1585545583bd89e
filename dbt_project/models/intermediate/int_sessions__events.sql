{{ config(
    materialized='incremental',
    incremental_strategy='touched_students',
    sorted_by=['student_id', 'occurred_at'],
) }}

with pieced as (

    select * from {{ ref('int_sessions__pieced') }}

),

final as (

    select
        journal_seq,
        event_index,
        student_id,
        occurred_at,
        session_id
    from pieced
    order by student_id, occurred_at, event_id

)

select * from final

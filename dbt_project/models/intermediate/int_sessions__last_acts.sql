{{ config(
    materialized='incremental',
    meta={'units': [window('started_at')]},
    sorted_by=['student_id', 'started_at'],
) }}

-- What a later window must know of sessions before it: whether the student ever acted itself in a
-- stream, whether its last act there was an end, and whether a login waits for its end.
with pieced as (

    select * from {{ ref('int_sessions__pieced') }}

),

final as (

    select
        session_id,
        student_id,
        client_id,
        app_id,
        is_bracketed,
        min(occurred_at) as started_at,
        max(occurred_at) filter (where kind <> 'passive') as last_act_at,
        max_by(kind, place) filter (where kind <> 'passive')
        in ('logout', 'timeout') as has_ended
    from pieced
    group by session_id, student_id, client_id, app_id, is_bracketed
    having count_if(kind <> 'passive') > 0
    order by student_id, started_at

)

select * from final

{{ config(materialized='table') }}

-- The events that lie in a session, with its key. A grade, and whatever software did, opens no
-- session: before a stretch's first own act of the student it lies in none. In a stream of nothing
-- else such events make sessions without time. Sessions are cut at the cap. A timeout lies in the
-- session that it ends, whenever it fired.
with ending as (

    select
        * replace (
            coalesce(
                case
                    when kind = 'timeout'
                        then max(if(kind not in ('passive', 'timeout'), stretch, null)) over spelled
                end,
                stretch
            ) as stretch
        )
    from {{ ref('int_sessions__split') }}
    window spelled as (partition by student_id, client_id, app_id, thread, spell)

),

opened as (

    select
        *,
        count_if(kind <> 'passive') over (
            partition by student_id, client_id, app_id, thread, spell, stretch
            order by occurred_at, event_id
        ) > 0 as is_open
    from ending
    qualify is_open or is_passive_stream

),

measured as (

    select
        *,
        min(occurred_at) over stretched as stretch_started_at,
        max(if(kind <> 'timeout', occurred_at, null)) over stretched as last_activity_at
    from opened
    window stretched as (partition by student_id, client_id, app_id, thread, spell, stretch)

),

capped as (

    select
        * exclude (last_activity_at),
        greatest(
            ceil(
                {{ seconds_between('stretch_started_at', 'least(occurred_at, last_activity_at)') }}
                / ({{ var('session_cap_hours') }} * 3600)
            )::integer - 1,
            0
        ) as cap_number
    from measured

),

numbered as (

    select
        *,
        dense_rank() over (
            partition by student_id, client_id, app_id, thread
            order by spell, stretch, cap_number
        )::integer as piece
    from capped

),

final as (

    select
        * exclude (is_open),
        md5(concat_ws(chr(31), client_id, app_id, student_id, thread, piece)) as session_id,
        row_number() over (
            partition by student_id, client_id, app_id, thread, piece
            order by occurred_at, event_id
        ) = 1 as is_session_start
    from numbered

)

select * from final

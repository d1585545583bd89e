{{ config(
    materialized='incremental',
    meta={'units': [window('cut_at')]},
    sorted_by=['student_id', 'cut_at'],
) }}

-- An instant before which nothing of the student runs on: the longest gap that a session may hold
-- has passed in every app, no thread has events on both sides, and no time that a later event states
-- reaches back before it.
with events as (

    select
        student_id,
        occurred_at,
        event_id,
        began_at,
        max(occurred_at) over (partition by stream, thread) as thread_ended_at
    from {{ ref('int_sessions__threaded') }}

),

preceded as (

    select
        student_id,
        occurred_at,
        lag(occurred_at) over student_time as previous_event_at,
        max(thread_ended_at) over (
            student_time rows between unbounded preceding and 1 preceding
        ) as earlier_threads_end_at,
        min(began_at) over (
            student_time rows between current row and unbounded following
        ) as cut_at
    from events
    window student_time as (partition by student_id order by occurred_at, event_id)

),

final as (

    select
        student_id,
        cut_at
    from preceded
    where
        previous_event_at is null
        or (
            {{ seconds_between('previous_event_at', 'cut_at') }}
            > {{ var('bracketed_gap_minutes') }} * 60
            and earlier_threads_end_at < occurred_at
        )
    order by student_id, cut_at

)

select * from final

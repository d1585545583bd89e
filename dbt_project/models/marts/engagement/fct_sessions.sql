{{ config(
    materialized='incremental',
    meta={'units': [window('started_at')]},
    partitioned_by=['year(started_on)', 'month(started_on)'],
    sorted_by=['student_id', 'started_on'],
) }}

with sessions as (

    select * from {{ ref('int_sessions__bounded') }}

),

seconds as (

    select
        session_id,
        round(sum(seconds) filter (where state = 'active'), 6) as active_seconds,
        round(sum(seconds) filter (where state = 'idle'), 6) as idle_seconds
    from {{ ref('fct_activity_segments') }}
    where {{ in_window('student_id', 'started_at') }}
    group by session_id

),

final as (

    select
        sessions.session_id,
        sessions.session_ref,
        sessions.piece,
        sessions.client_id,
        sessions.app_id,
        sessions.student_id,
        sessions.school_id,
        sessions.timezone,
        sessions.started_at,
        sessions.ended_at,
        sessions.started_on,
        sessions.end_reason,
        sessions.is_implicit,
        sessions.is_post_logout,
        sessions.is_flagged,
        sessions.time_quality,
        if(
            sessions.time_quality = 'none',
            null,
            {{ seconds_between('sessions.started_at', 'sessions.ended_at') }}
        ) as session_seconds,
        if(sessions.time_quality = 'none', null, coalesce(seconds.active_seconds, 0))
            as active_seconds,
        if(sessions.time_quality = 'none', null, coalesce(seconds.idle_seconds, 0))
            as idle_seconds,
        sessions.event_count,
        sessions.first_event_id,
        sessions.last_event_id
    from sessions
    left join seconds on sessions.session_id = seconds.session_id
    order by student_id, started_on, started_at, session_id

)

select * from final

-- One row per session: what its events say, before rules S1 to S7 decide how it ended.
with events as (

    select * from {{ ref('int_sessions__pieced') }}

),

summed as (

    select
        session_id,
        student_id,
        client_id,
        app_id,
        thread,
        spell,
        stretch,
        cap_number,
        piece,
        is_bracketed,
        is_passive_stream,
        gap_limit_seconds,
        stretch_started_at,
        min(session_started_at) as started_at,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at,
        max(if(kind <> 'timeout', occurred_at, null)) as last_activity_at,
        count_if(kind not in ('logout', 'timeout')) = 0 as is_orphan,
        min(if(next_stated_from_at > occurred_at, occurred_at, null)) as silent_from_at,
        count(*) as event_count,
        arg_min_null(school_id, place) as school_id,
        min_by(timezone, place) as timezone,
        min_by(local_on, place) as started_on,
        min_by(event_id, place) as first_event_id,
        max_by(event_id, place) as last_event_id,
        max_by(kind, place) as last_kind,
        arg_max_null(next_login_at, place) as next_login_at,
        arg_max_null(next_session_at, place) as next_session_at,
        min_by(is_past_end, place) as is_past_end
    from events
    group by all

),

final as (

    select
        * exclude (is_past_end, first_event_at)
        replace (
            if(
                started_at < first_event_at,
                {{ local_date('started_at', 'timezone') }},
                started_on
            ) as started_on
        ),
        is_past_end and lag(spell) over thread_pieces is distinct from spell as is_after_end,
        lead(spell) over thread_pieces as next_spell,
        lead(stretch) over thread_pieces as next_stretch
    from summed
    window thread_pieces as (partition by student_id, client_id, app_id, thread order by piece)

)

select * from final

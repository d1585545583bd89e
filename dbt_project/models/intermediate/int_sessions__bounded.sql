{{ config(materialized='table') }}

-- One row per session of a touched student: when it began, when and why it ended.
with summed as (

    select
        *,
        stretch_started_at + to_hours({{ var('session_cap_hours') }} * (cap_number + 1))
            as cap_ends_at,
        greatest(
            least(last_event_at + to_seconds({{ var('session_tail_seconds') }}), next_session_at),
            last_event_at
        ) as tail_ends_at
    from {{ ref('int_sessions__summed') }}

),

reasoned as (

    select
        *,
        case
            when is_passive_stream then 'inferred_idle'
            when is_orphan then 'orphan'
            when last_kind = 'logout' then 'logged_out'
            when last_kind = 'timeout' then 'timed_out'
            when
                (next_spell = spell and next_stretch = stretch)
                or least(tail_ends_at, {{ as_of() }}) > cap_ends_at
                then 'capped'
            when {{ seconds_between('last_event_at', 'next_login_at') }} <= gap_limit_seconds
                then 'superseded'
            when is_bracketed and next_spell = spell then 'idle_split'
            when {{ seconds_between('last_event_at', as_of()) }} <= gap_limit_seconds then 'open'
            else 'inferred_idle'
        end as end_reason
    from summed

),

ended as (

    select
        *,
        case end_reason
            when 'orphan' then started_at
            when 'logged_out' then last_event_at
            when 'timed_out' then last_activity_at
            when 'capped' then cap_ends_at
            when 'open' then greatest(last_event_at, least(tail_ends_at, {{ as_of() }}))
            else if(is_passive_stream, last_event_at, tail_ends_at)
        end as ended_at
    from reasoned

),

final as (

    select
        session_id,
        if(starts_with(thread, 'session:'), thread[9:], null) as session_ref,
        piece,
        client_id,
        app_id,
        student_id,
        school_id,
        timezone,
        started_at,
        ended_at,
        started_on,
        end_reason,
        not is_bracketed and not is_orphan as is_implicit,
        is_after_end and not is_bracketed and not is_orphan as is_post_logout,
        end_reason = 'capped' as is_flagged,
        case
            when is_passive_stream then 'none'
            when
                started_at < ended_at
                and ended_at <= last_event_at
                and coalesce(silent_from_at >= ended_at, true)
                then 'measured'
            when is_bracketed and end_reason in ('logged_out', 'timed_out') then 'bracketed'
            else 'inferred'
        end as time_quality,
        event_count,
        first_event_id,
        last_event_id
    from ended

)

select * from final

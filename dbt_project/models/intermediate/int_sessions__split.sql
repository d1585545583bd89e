{{ config(materialized='table') }}

-- Each thread cut into spells: a login, an end and the login of another session begin a new one.
-- Each spell cut at gaps over the limit, which is longer where a login opened it; a timeout cuts
-- nothing, whenever it fired. What events of the spell state is no gap (ruling b): since it ends at
-- its event, what is left of a gap ends where the first stated time after it begins.
with counted as (

    select
        journal_seq,
        event_index,
        stream,
        place,
        occurred_at,
        began_at,
        kind,
        thread,
        next_login_at,
        is_passive_stream,
        is_after_end,
        seconds_since_end,
        login_count - count_if(kind = 'login') over thread_time as foreign_login_count,
        lag(occurred_at) over thread_time as previous_event_at,
        {{ seconds_between(
            "max(if(kind = 'login', occurred_at, null)) over earlier", 'occurred_at'
        ) }} as seconds_since_login,
        coalesce(
            last_value(if(kind <> 'passive', kind, null) ignore nulls) over earlier
            in ('logout', 'timeout'),
            false
        ) as is_after_own_end
    from {{ ref('int_sessions__threaded') }}
    window thread_time as (partition by stream, thread order by place),
    earlier as (
        partition by stream, thread order by place
        rows between unbounded preceding and 1 preceding
    )

),

marked as (

    select
        *,
        is_after_own_end
        or coalesce(foreign_login_count > lag(foreign_login_count) over thread_time, false)
            as is_cut,
        previous_event_at is null
        or is_cut
        or (
            kind = 'login'
            and coalesce(seconds_since_login > {{ var('login_collapse_seconds') }}, true)
        ) as is_spell_start
    from counted
    window thread_time as (partition by stream, thread order by place)

),

spelled as (

    select
        *,
        count_if(is_spell_start) over (partition by stream, thread order by place) as spell
    from marked

),

limited as (

    select
        *,
        first_value(kind) over spell_time = 'login' as is_bracketed,
        first_value(is_cut) over spell_time
        or (
            spell = 1
            and coalesce(
                is_after_end and seconds_since_end <= {{ var('session_gap_minutes') }} * 60, false
            )
        ) as is_past_end,
        60 * if(
            first_value(kind) over spell_time = 'login',
            {{ var('bracketed_gap_minutes') }},
            {{ var('session_gap_minutes') }}
        ) as gap_limit_seconds,
        {{ seconds_between(
            'previous_event_at',
            'min(began_at) over (spell_time rows between current row and unbounded following)'
        ) }} as gap
    from spelled
    window spell_time as (partition by stream, thread, spell order by place)

),

final as (

    select
        journal_seq,
        event_index,
        stream,
        place,
        occurred_at,
        began_at,
        kind,
        thread,
        next_login_at,
        is_passive_stream,
        spell,
        is_bracketed,
        is_past_end,
        gap_limit_seconds,
        count_if(not is_spell_start and gap > gap_limit_seconds and kind <> 'timeout') over (
            partition by stream, thread, spell order by place
        ) as stretch
    from limited

)

select * from final

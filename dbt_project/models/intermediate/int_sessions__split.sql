{{ config(materialized='table') }}

-- Each thread cut into spells: a login, an end and the login of another session begin a new one.
-- Each spell cut at gaps over the limit, which is longer where a login opened it; a timeout cuts
-- nothing, whenever it fired.
with counted as (

    select
        *,
        login_count - count_if(kind = 'login') over thread as foreign_login_count,
        occurred_at - lag(occurred_at) over thread as gap,
        occurred_at - max(if(kind = 'login', occurred_at, null)) over (
            thread rows between unbounded preceding and 1 preceding
        ) as since_login,
        coalesce(
            last_value(if(kind <> 'passive', kind, null) ignore nulls) over (
                thread rows between unbounded preceding and 1 preceding
            ) in ('logout', 'timeout'),
            false
        ) as is_after_own_end
    from {{ ref('int_sessions__threaded') }}
    window thread as (
        partition by student_id, client_id, app_id, thread order by occurred_at, event_id
    )

),

marked as (

    select
        *,
        is_after_own_end
        or coalesce(foreign_login_count > lag(foreign_login_count) over thread, false) as is_cut,
        gap is null
        or is_cut
        or (
            kind = 'login'
            and coalesce(since_login > to_seconds({{ var('login_collapse_seconds') }}), true)
        ) as is_spell_start
    from counted
    window thread as (
        partition by student_id, client_id, app_id, thread order by occurred_at, event_id
    )

),

spelled as (

    select
        *,
        count_if(is_spell_start) over (
            partition by student_id, client_id, app_id, thread order by occurred_at, event_id
        ) as spell
    from marked

),

limited as (

    select
        *,
        first_value(kind) over spelled = 'login' as is_bracketed,
        first_value(is_cut) over spelled
        or (
            spell = 1
            and coalesce(is_after_end, false)
            and since_end <= to_minutes({{ var('session_gap_minutes') }})
        ) as is_past_end,
        to_minutes(
            if(
                first_value(kind) over spelled = 'login',
                {{ var('bracketed_gap_minutes') }},
                {{ var('session_gap_minutes') }}
            )
        ) as gap_limit
    from spelled
    window spelled as (
        partition by student_id, client_id, app_id, thread, spell order by occurred_at, event_id
    )

),

final as (

    select
        * exclude (
            login_count, foreign_login_count, since_login, since_end, is_after_end,
            is_after_own_end, is_cut
        ),
        count_if(not is_spell_start and gap > gap_limit and kind <> 'timeout') over (
            partition by student_id, client_id, app_id, thread, spell
            order by occurred_at, event_id
        ) as stretch
    from limited

)

select * from final

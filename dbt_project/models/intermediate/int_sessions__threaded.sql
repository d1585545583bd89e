{{ config(materialized='table') }}

{{ after('int_students__touched') }}
-- Events of a student's stream (one client's app), each with the thread it belongs to: its
-- session id, or for an event without one the thread of the event before it. A login, an event
-- after an end and an event after a long silence begin a thread of their own; but the silence
-- between a login and its end is the session's, and a timeout ends what went before. Time that an
-- event states is no silence (ruling b). At one instant a login comes first and an end last
-- (ruling c).
with events as (

    select
        journal_seq,
        event_index,
        event_id,
        occurred_at,
        student_id,
        client_id,
        app_id,
        session_ref,
        {{ stated_from() }} as began_at,
        {{ session_kind('verdicts') }} as kind
    from {{ ref('int_events__verdicts') }} as verdicts
    where
        verdicts.verdict = 'accepted'
        and {{ in_window('verdicts.student_id', 'verdicts.occurred_at') }}

),

{% if is_small_build() %}

-- Streams in which the student itself acted before the window.
known_streams as (

    select
        acts.student_id,
        acts.client_id,
        acts.app_id,
        max_by(acts.has_ended, (acts.last_act_at, acts.has_ended)) as had_ended
    from {{ previous('int_sessions__last_acts') }} as acts
    inner join {{ ref('int_students__touched') }} as touched
        on acts.student_id = touched.student_id and acts.started_at < touched.from_at
    group by acts.student_id, acts.client_id, acts.app_id

),

{% endif %}

streams as (

    select
        student_id,
        client_id,
        app_id,
        row_number() over (order by student_id, client_id, app_id) as stream,
        {{ 'known_streams.had_ended' if is_small_build() else 'null::boolean' }} as had_ended,
        had_ended is null and count_if(kind <> 'passive') = 0 as is_passive_stream
    from events
    {% if is_small_build() %}
        left join known_streams using (student_id, client_id, app_id)
    {% endif %}
    group by student_id, client_id, app_id, had_ended

),

placed as (

    select
        events.* exclude (client_id, app_id),
        events.session_ref is not null as has_session_ref,
        streams.stream,
        streams.had_ended,
        streams.is_passive_stream,
        row_number() over (
            order by
                streams.stream,
                events.occurred_at,
                events.kind = 'login' desc,
                events.kind in ('logout', 'timeout'),
                events.event_id
        ) as place
    from events
    inner join streams using (student_id, client_id, app_id)

),

-- Windows copy what they do not look at: so none but short columns go through them.
preceded as (

    select
        stream,
        place,
        occurred_at,
        kind,
        has_session_ref,
        min(began_at) over (
            stream_time rows between current row and unbounded following
        ) as stated_from_at,
        {{ seconds_between('lag(occurred_at) over stream_time', 'stated_from_at') }} as silence,
        coalesce(
            last_value(if(kind <> 'passive', kind, null) ignore nulls) over earlier
            in ('logout', 'timeout'),
            had_ended,
            false
        ) as is_after_end,
        {{ seconds_between(
            "max(if(kind in ('logout', 'timeout'), occurred_at, null)) over earlier",
            'stated_from_at'
        ) }} as seconds_since_end,
        {{ seconds_between(
            "max(if(kind = 'login' and not has_session_ref, occurred_at, null)) over earlier",
            'occurred_at'
        ) }} as seconds_since_login,
        last_value(if(kind in ('login', 'logout', 'timeout'), kind, null) ignore nulls) over earlier
        = 'login'
        and first_value(if(kind in ('login', 'logout', 'timeout'), kind, null) ignore nulls) over (
            stream_time rows between current row and unbounded following
        ) in ('logout', 'timeout') as is_in_brackets
    from placed
    window stream_time as (partition by stream order by place),
    earlier as (
        partition by stream order by place rows between unbounded preceding and 1 preceding
    )

),

begun as (

    select
        *,
        has_session_ref
        or silence is null
        or is_after_end
        or (
            silence > {{ var('bracketed_gap_minutes') }} * 60
            and kind <> 'timeout'
            and not coalesce(is_in_brackets, false)
        )
        or (
            kind = 'login'
            and coalesce(seconds_since_login > {{ var('login_collapse_seconds') }}, true)
        ) as is_thread_start
    from preceded

),

threaded as (

    select
        place,
        is_after_end,
        seconds_since_end,
        last_value(if(is_thread_start, place, null) ignore nulls) over stream_time as named_at,
        count_if(kind = 'login') over stream_time as login_count,
        min(if(kind = 'login', occurred_at, null)) over (
            stream_time rows between 1 following and unbounded following
        ) as next_login_at
    from begun
    window stream_time as (partition by stream order by place)

),

final as (

    select
        placed.* exclude (session_ref, has_session_ref, had_ended),
        threaded.* exclude (place, named_at),
        coalesce('session:' || names.session_ref, 'event:' || names.event_id) as thread
    from threaded
    inner join placed using (place)
    inner join placed as names on threaded.named_at = names.place

)

select * from final

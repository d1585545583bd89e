{{ config(materialized='table') }}

{{ after('int_students__touched') }}
-- Events of a student's stream (one client's app), each with the thread it belongs to: its
-- session id, or for an event without one the thread of the event before it. A login, an event
-- after an end and an event after a long silence begin a thread of their own; but the silence
-- between a login and its end is the session's, and a timeout ends what went before.
with events as (

    select
        journal_seq,
        event_index,
        event_id,
        occurred_at,
        student_id,
        client_id,
        app_id,
        school_id,
        timezone,
        local_on,
        course_id,
        lesson_id,
        subject,
        session_ref,
        duration_seconds,
        case when event_type = 'AssessmentItemEvent' then object_ref end as item_ref,
        case when event_type = 'AssessmentItemEvent' then action end as item_action,
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
        max_by(acts.has_ended, (acts.last_act_at, acts.last_act_id)) as has_ended
    from {{ previous('int_sessions__last_acts') }} as acts
    inner join {{ ref('int_students__touched') }} as touched
        on acts.student_id = touched.student_id and acts.started_at < touched.from_at
    group by acts.student_id, acts.client_id, acts.app_id

),

{% endif %}

preceded as (

    select
        *,
        occurred_at - lag(occurred_at) over stream as silence,
        coalesce(
            last_value(if(kind <> 'passive', kind, null) ignore nulls) over earlier
            in ('logout', 'timeout'),
            {{ 'known_streams.has_ended' if is_small_build() else 'false' }}
        ) as is_after_end,
        occurred_at - max(if(kind in ('logout', 'timeout'), occurred_at, null)) over earlier
            as since_end,
        occurred_at - max(if(kind = 'login' and session_ref is null, occurred_at, null))
            over earlier as since_login,
        last_value(if(kind in ('login', 'logout', 'timeout'), kind, null) ignore nulls) over earlier
        = 'login'
        and first_value(if(kind in ('login', 'logout', 'timeout'), kind, null) ignore nulls) over (
            stream rows between current row and unbounded following
        ) in ('logout', 'timeout') as is_in_brackets,
        {{ 'known_streams.has_ended is not null' if is_small_build() else 'false' }} as is_known
    from events
    {% if is_small_build() %}
        left join known_streams using (student_id, client_id, app_id)
    {% endif %}
    window stream as (
        partition by student_id, client_id, app_id order by occurred_at, event_id
    ),
    earlier as (
        partition by student_id, client_id, app_id order by occurred_at, event_id
        rows between unbounded preceding and 1 preceding
    )

),

begun as (

    select
        *,
        case
            when session_ref is not null then 'session:' || session_ref
            when silence is null or is_after_end then 'event:' || event_id
            when
                silence > to_minutes({{ var('bracketed_gap_minutes') }})
                and kind <> 'timeout'
                and not coalesce(is_in_brackets, false)
                then 'event:' || event_id
            when
                kind = 'login'
                and coalesce(since_login > to_seconds({{ var('login_collapse_seconds') }}), true)
                then 'event:' || event_id
        end as begun_thread
    from preceded

),

final as (

    select
        * exclude (begun_thread, silence, since_login, is_in_brackets, is_known),
        last_value(begun_thread ignore nulls) over stream as thread,
        count_if(kind = 'login') over stream as login_count,
        min(if(kind = 'login', occurred_at, null)) over (
            stream rows between 1 following and unbounded following
        ) as next_login_at,
        not is_known
        and count_if(kind <> 'passive') over (partition by student_id, client_id, app_id) = 0
            as is_passive_stream
    from begun
    window stream as (
        partition by student_id, client_id, app_id order by occurred_at, event_id
    )

)

select * from final

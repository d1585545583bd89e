{{ config(materialized='table') }}

{{ after('int_students__touched') }}
-- Events of a student's stream (one client's app), each with the thread it belongs to: its
-- session id, or for an event without one the thread of the event before it. A login, an event
-- after an end and an event after a long silence begin a thread of their own.
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
        {{ session_kind('accepted') }} as kind
    from {{ ref('int_events__accepted') }} as accepted
    where {{ in_window('accepted.student_id', 'accepted.occurred_at') }}

),

{% if is_small_build() %}

-- Streams in which the student itself acted before the window.
known_streams as (

    select distinct sessions.student_id, sessions.client_id, sessions.app_id
    from {{ previous('fct_sessions') }} as sessions
    inner join {{ ref('int_students__touched') }} as touched
        on
            sessions.student_id = touched.student_id
            and sessions.started_at < touched.from_at
    where sessions.time_quality <> 'none'

),

{% endif %}

preceded as (

    select
        *,
        lag(kind) over stream in ('logout', 'timeout') as is_after_end,
        occurred_at - lag(occurred_at) over stream as silence,
        occurred_at - max(if(kind = 'login' and session_ref is null, occurred_at, null)) over (
            stream rows between unbounded preceding and 1 preceding
        ) as since_login
    from events
    window stream as (
        partition by student_id, client_id, app_id order by occurred_at, event_id
    )

),

begun as (

    select
        *,
        case
            when session_ref is not null then 'session:' || session_ref
            when
                silence is null
                or is_after_end
                or silence > to_minutes({{ var('bracketed_gap_minutes') }})
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
        * exclude (begun_thread, since_login),
        last_value(begun_thread ignore nulls) over stream as thread,
        count_if(kind = 'login') over stream as login_count,
        min(if(kind = 'login', occurred_at, null)) over (
            stream rows between 1 following and unbounded following
        ) as next_login_at,
        count_if(kind <> 'passive') over (partition by student_id, client_id, app_id) = 0
        {% if is_small_build() %}
            and (student_id, client_id, app_id) not in (
                select (student_id, client_id, app_id) from known_streams
            )
        {% endif %}
            as is_passive_stream
    from begun
    window stream as (
        partition by student_id, client_id, app_id order by occurred_at, event_id
    )

)

select * from final

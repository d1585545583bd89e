-- Rule E1: a view lasts to the next event of its session, up to a limit, or as long as it says.
with windowed as (

    select journal_seq, event_index, session_id from {{ ref('int_sessions__mapped') }}
    where
        {{ not_before('int_students__touched', 'from_day', 'day') }}
        and {{ in_window('student_id', 'occurred_at') }}

),

events as (

    select
        events.student_id, events.client_id, events.app_id, events.course_id, events.lesson_id,
        events.subject, events.object_ref, events.object_name, events.occurred_at,
        events.local_on, events.event_id, events.event_type, events.duration_seconds,
        mapped.session_id,
        if(
            mapped.session_id is null,
            null,
            lead(events.occurred_at) over (
                partition by mapped.session_id order by events.occurred_at, events.event_id
            )
        ) as next_event_at,
        sessions.ended_at as session_ended_at
    from {{ ref('int_events__verdicts') }} as events
    left join windowed as mapped using (journal_seq, event_index)
    left join {{ ref('int_sessions__bounded') }} as sessions
        on mapped.session_id = sessions.session_id
    where
        events.verdict = 'accepted'
        and {{ in_window('events.student_id', 'events.occurred_at') }}

),

timed as (

    select
        *,
        if(
            duration_seconds is null,
            null,
            occurred_at - to_seconds(
                least(duration_seconds, {{ var('session_cap_hours') }} * 3600)
            )
        ) as measured_from_at,
        least(
            coalesce(next_event_at, session_ended_at),
            session_ended_at,
            occurred_at + to_seconds({{ var('active_gap_seconds') }})
        ) as viewed_to_at
    from events
    where event_type = 'ViewEvent'

),

final as (

    select
        'view' as fact_type,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        session_id,
        object_ref,
        object_name,
        coalesce(measured_from_at, occurred_at) as started_at,
        if(measured_from_at is null, viewed_to_at, occurred_at) as ended_at,
        local_on,
        'viewed' as state,
        event_id as source_event_id
    from timed

)

select * from final

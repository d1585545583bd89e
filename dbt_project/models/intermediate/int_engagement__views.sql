{{ config(meta={'full_kind': 'table'}) }}

-- Rule E1: a view lasts to the next event of its session, up to a limit, or as long as it says.
with events as (

    select
        events.student_id, events.client_id, events.app_id, events.course_id, events.lesson_id,
        events.subject, events.object_ref, events.object_name, events.occurred_at,
        events.local_on, events.event_id, events.duration_seconds,
        pieced.session_id,
        pieced.next_event_at,
        sessions.ended_at as session_ended_at
    from {{ ref('int_events__verdicts') }} as events
    left join {{ ref('int_sessions__pieced') }} as pieced using (journal_seq, event_index)
    left join {{ ref('int_sessions__bounded') }} as sessions
        on pieced.session_id = sessions.session_id
    where
        events.verdict = 'accepted'
        and events.event_type = 'ViewEvent'
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

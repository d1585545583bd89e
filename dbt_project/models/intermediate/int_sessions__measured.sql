-- What events state of their time: the stretch before each, as long as it says, within its session.
with events as (

    select * from {{ ref('int_sessions__pieced') }} where began_at < occurred_at

),

final as (

    select
        events.session_id,
        events.student_id,
        events.course_id,
        events.lesson_id,
        events.subject,
        greatest(events.began_at, sessions.started_at) as started_at,
        least(events.occurred_at, sessions.ended_at) as ended_at,
        events.event_id
    from events
    inner join {{ ref('int_sessions__bounded') }} as sessions using (session_id)

)

select * from final where started_at < ended_at

-- A session cut at its events; each span carries the course and lesson that the student was last
-- seen in. Spans of no length (events at the same instant) are left out.
with events as (

    select
        pieced.*,
        sessions.started_on,
        sessions.ended_at,
        sessions.time_quality,
        last_value(
            if(
                pieced.course_id is null,
                null,
                {
                    'course_id': pieced.course_id,
                    'lesson_id': pieced.lesson_id,
                    'subject': pieced.subject
                }
            ) ignore nulls
        ) over session_time as location,
        lead(pieced.occurred_at) over session_time as next_event_at
    from {{ ref('int_sessions__pieced') }} as pieced
    inner join {{ ref('int_sessions__bounded') }} as sessions using (session_id)
    where sessions.time_quality <> 'none'
    window session_time as (
        partition by pieced.session_id order by pieced.occurred_at, pieced.event_id
    )

),

final as (

    select
        session_id,
        student_id,
        client_id,
        app_id,
        school_id,
        timezone,
        time_quality,
        location.course_id as course_id,
        location.lesson_id as lesson_id,
        coalesce(location.subject, subject) as subject,
        occurred_at as started_at,
        least(coalesce(next_event_at, ended_at), ended_at) as ended_at,
        occurred_at as last_event_at
    from events
    where least(coalesce(next_event_at, ended_at), ended_at) > occurred_at

)

select * from final

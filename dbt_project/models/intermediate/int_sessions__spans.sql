-- A session cut at its events; each span carries the course and lesson that the student was last
-- seen in, before the first one was seen that one. Spans of no length are left out.
with events as (

    select
        pieced.*,
        sessions.ended_at,
        sessions.time_quality,
        if(
            pieced.course_id is null,
            null,
            {
                'course_id': pieced.course_id,
                'lesson_id': pieced.lesson_id,
                'subject': pieced.subject
            }
        ) as seen_in
    from {{ ref('int_sessions__pieced') }} as pieced
    inner join {{ ref('int_sessions__bounded') }} as sessions using (session_id)
    where sessions.time_quality <> 'none'

),

located as (

    select
        *,
        coalesce(
            last_value(seen_in ignore nulls) over session_time,
            first_value(seen_in ignore nulls) over (
                session_time rows between current row and unbounded following
            )
        ) as location,
        least(
            coalesce(lead(occurred_at) over session_time, ended_at), ended_at
        ) as span_ended_at
    from events
    window session_time as (partition by session_id order by occurred_at, event_id)

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
        span_ended_at as ended_at,
        occurred_at as last_event_at
    from located
    where span_ended_at > occurred_at

)

select * from final

-- A session cut at its events; each span carries the course and lesson that the student was last
-- seen in, before the first one was seen that one. Spans of no length are left out.
with events as (

    select
        pieced.session_id,
        pieced.place,
        pieced.occurred_at,
        least(coalesce(pieced.next_event_at, sessions.ended_at), sessions.ended_at)
            as span_ended_at,
        pieced.subject,
        pieced.course_id is not null as is_located,
        sessions.time_quality
    from {{ ref('int_sessions__pieced') }} as pieced
    inner join {{ ref('int_sessions__bounded') }} as sessions using (session_id)
    where sessions.time_quality <> 'none'

),

located as (

    select
        *,
        coalesce(
            last_value(if(is_located, place, null) ignore nulls) over session_time,
            first_value(if(is_located, place, null) ignore nulls) over (
                session_time rows between current row and unbounded following
            ),
            place
        ) as seen_at
    from events
    window session_time as (partition by session_id order by place)

),

final as (

    select
        located.session_id,
        located.time_quality,
        seen.course_id,
        seen.lesson_id,
        coalesce(seen.subject, located.subject) as subject,
        located.occurred_at as started_at,
        located.span_ended_at as ended_at,
        located.occurred_at as last_event_at
    from located
    inner join {{ ref('int_sessions__pieced') }} as seen on located.seen_at = seen.place
    where located.span_ended_at > located.occurred_at

)

select * from final

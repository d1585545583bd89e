-- A session cut at its events; each span carries the course and lesson that the student was last
-- seen in, before the first one was seen that one. What events state of a span lies at its end, since
-- it reaches up to its event; what is left of the span is activity up to a limit (rulings a and b).
-- Spans of no length are left out.
with events as (

    select
        pieced.session_id,
        pieced.place,
        pieced.occurred_at,
        least(coalesce(pieced.next_event_at, sessions.ended_at), sessions.ended_at)
            as span_ended_at,
        pieced.next_stated_from_at,
        pieced.is_session_start,
        sessions.started_at as session_started_at,
        pieced.subject,
        pieced.course_id is not null as is_located
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

spans as (

    select
        session_id,
        seen_at,
        subject,
        occurred_at as started_at,
        span_ended_at as ended_at,
        next_stated_from_at
    from located
    union all
    -- what the first events state before the first of them
    select
        session_id,
        seen_at,
        subject,
        session_started_at,
        occurred_at,
        session_started_at
    from located
    where is_session_start

),

final as (

    select
        spans.session_id,
        seen.course_id,
        seen.lesson_id,
        coalesce(seen.subject, spans.subject) as subject,
        spans.started_at,
        spans.ended_at,
        spans.started_at as last_event_at,
        greatest(
            least(coalesce(spans.next_stated_from_at, spans.ended_at), spans.ended_at),
            spans.started_at
        ) as stated_from_at,
        least(
            spans.started_at + to_seconds({{ var('active_gap_seconds') }}), stated_from_at
        ) as idle_from_at
    from spans
    inner join {{ ref('int_sessions__pieced') }} as seen on spans.seen_at = seen.place
    where spans.ended_at > spans.started_at

)

select * from final

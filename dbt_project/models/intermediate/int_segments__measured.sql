-- Sessions with measured time, cut where a span or a measurement begins or ends: what a
-- measurement covers is active, in its own lesson; the rest is idle.
with spans as (

    select * from {{ ref('int_sessions__spans') }} where time_quality = 'measured'

),

measured as (

    select * from {{ ref('int_sessions__measured') }}

),

cuts as (

    select session_id, started_at as cut_at from spans
    union
    select session_id, ended_at from spans
    union
    select session_id, started_at from measured
    union
    select session_id, ended_at from measured

),

slices as (

    select
        session_id,
        cut_at as started_at,
        lead(cut_at) over (partition by session_id order by cut_at) as ended_at
    from cuts

),

final as (

    select
        spans.session_id,
        if(measured.session_id is null, 'idle', 'active') as state,
        slices.started_at,
        slices.ended_at,
        spans.last_event_at,
        if(measured.session_id is null, spans.course_id, measured.course_id) as course_id,
        if(measured.session_id is null, spans.lesson_id, measured.lesson_id) as lesson_id,
        if(measured.session_id is null, spans.subject, measured.subject) as subject
    from slices
    inner join spans
        on slices.session_id = spans.session_id
        and slices.started_at >= spans.started_at
        and slices.started_at < spans.ended_at
    left join measured
        on slices.session_id = measured.session_id
        and slices.started_at >= measured.started_at
        and slices.started_at < measured.ended_at
    qualify row_number() over (
        partition by slices.session_id, slices.started_at
        order by measured.ended_at, measured.event_id
    ) = 1

)

select * from final

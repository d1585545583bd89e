-- Time that events state, cut where a span or a stated stretch begins or ends: it is active, in the
-- lesson of the event that states it; where two state the same time, of the one that ends first.
with spans as (

    select * from {{ ref('int_sessions__spans') }} where stated_from_at < ended_at

),

measured as (

    select * from {{ ref('int_sessions__measured') }}

),

cuts as (

    select session_id, stated_from_at as cut_at from spans
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
        'active' as state,
        slices.started_at,
        slices.ended_at,
        spans.last_event_at,
        measured.course_id,
        measured.lesson_id,
        measured.subject
    from slices
    inner join spans
        on slices.session_id = spans.session_id
        and slices.started_at >= spans.stated_from_at
        and slices.started_at < spans.ended_at
    inner join measured
        on slices.session_id = measured.session_id
        and slices.started_at >= measured.started_at
        and slices.started_at < measured.ended_at
    qualify row_number() over (
        partition by slices.session_id, slices.started_at
        order by measured.ended_at, measured.event_id
    ) = 1

)

select * from final

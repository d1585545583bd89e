{{ config(materialized='table') }}

-- The events that lie in a session, with its key. A grade, and whatever software did, opens no
-- session: before a stretch's first own act of the student, and the time that own acts state, it
-- lies in none. In a stream of nothing else such events make sessions without time. A stretch that no
-- login begins starts with the first time that its own acts state (ruling b). Sessions are cut at the
-- cap; what follows it starts at its own first event (ruling e). A timeout lies in the session that
-- it ends, whenever it fired.
with ending as (

    select
        * replace (
            coalesce(
                case
                    when kind = 'timeout'
                        then max(if(kind not in ('passive', 'timeout'), stretch, null)) over spelled
                end,
                stretch
            ) as stretch
        )
    from {{ ref('int_sessions__split') }}
    window spelled as (partition by stream, thread, spell)

),

opened as (

    select
        *,
        count_if(kind <> 'passive') over stretch_time > 0
        or coalesce(
            min(if(kind <> 'passive' and began_at < occurred_at, began_at, null)) over (
                partition by stream, thread, spell, stretch
            ) <= occurred_at,
            false
        ) as is_open,
        first_value(kind) over stretch_time = 'login' as is_login_first
    from ending
    window stretch_time as (partition by stream, thread, spell, stretch order by place)
    qualify is_open or is_passive_stream

),

measured as (

    select
        *,
        min(
            case
                when is_login_first or is_passive_stream then occurred_at
                when kind <> 'passive' then began_at
            end
        ) over stretched as stretch_started_at,
        max(if(kind <> 'timeout', occurred_at, null)) over stretched as last_activity_at
    from opened
    window stretched as (partition by stream, thread, spell, stretch)

),

capped as (

    select
        * exclude (is_open, is_login_first, last_activity_at),
        greatest(
            ceil(
                {{ seconds_between('stretch_started_at', 'least(occurred_at, last_activity_at)') }}
                / ({{ var('session_cap_hours') }} * 3600)
            )::integer - 1,
            0
        ) as cap_number
    from measured

),

numbered as (

    select
        *,
        dense_rank() over (
            partition by stream, thread order by spell, stretch, cap_number
        )::integer as piece
    from capped

),

started as (

    select
        *,
        row_number() over session_time = 1 as is_session_start,
        if(cap_number = 0, stretch_started_at, first_value(occurred_at) over session_time)
            as session_started_at,
        lead(occurred_at) over session_time as next_event_at,
        min(began_at) over (
            session_time rows between 1 following and unbounded following
        ) as next_stated_from_at
    from numbered
    window session_time as (partition by stream, thread, piece order by place)

),

followed as (

    select
        *,
        min(if(is_session_start, session_started_at, null)) over (
            partition by stream order by place
            rows between 1 following and unbounded following
        ) as next_session_at
    from started

),

events as (

    select
        journal_seq,
        event_index,
        event_id,
        student_id,
        client_id,
        app_id,
        school_id,
        timezone,
        local_on,
        course_id,
        lesson_id,
        subject,
        case when event_type = 'AssessmentItemEvent' then object_ref end as item_ref,
        case when event_type = 'AssessmentItemEvent' then action end as item_action
    from {{ ref('int_events__verdicts') }}
    where {{ not_before('int_students__touched', 'from_at', 'occurred_at') }}

),

final as (

    select
        followed.*,
        events.* exclude (journal_seq, event_index),
        md5(concat_ws(
            chr(31), events.client_id, events.app_id, events.student_id, followed.thread, followed.piece
        )) as session_id
    from followed
    left join events using (journal_seq, event_index)

)

select * from final

-- Each event's session: a thread of one session id, or of events without one up to a silence of
-- 30 minutes, cut at an end, at a login (another session's too), and at silences over 30 minutes
-- (60 after a login). The time before an event that it states is no silence. Grades and what software
-- did open none.
create temp table placed as
with events as (
    select
        journal_seq, event_index, event_id, occurred_at, student_id, client_id, app_id, school_id,
        timezone, local_on, course_id, lesson_id, subject, session_ref,
        occurred_at - to_seconds(least(coalesce(duration_seconds, 0), 28800)) as began_at,
        hash(student_id, client_id, app_id) as stream_key,
        if(event_type = 'AssessmentItemEvent', object_ref, null) as item_ref,
        if(event_type = 'AssessmentItemEvent', action, null) as item_action,
        case
            when event_type = 'SessionEvent' and action = 'LoggedOut' then 'logout'
            when event_type = 'SessionEvent' and action = 'TimedOut' then 'timeout'
            when event_type = 'GradeEvent' or actor_is_software then 'passive'
            when event_type = 'SessionEvent' and action = 'LoggedIn' then 'login'
            else 'activity'
        end as kind
    from judged where verdict = 'accepted'
),
anonymous as (
    select
        *,
        min(began_at) over (stream rows between current row and unbounded following)
        - lag(occurred_at) over stream > interval 30 minute as is_start
    from events where session_ref is null
    window stream as (partition by stream_key order by occurred_at, event_id)
),
threaded as (
    select *, 'session:' || session_ref as thread from events where session_ref is not null
    union all by name
    select * exclude (is_start),
        'event:' || count_if(is_start) over (
            partition by stream_key order by occurred_at, event_id
        ) as thread
    from anonymous
),
counted as (
    select
        *, hash(stream_key, thread) as thread_key,
        count_if(kind = 'login') over (
            partition by stream_key order by occurred_at, event_id
        ) as login_count
    from threaded
),
cut as (
    select
        *,
        row_number() over thread_time as place,
        first_value(kind) over thread_time = 'login' as is_bracketed,
        coalesce(
            lag(kind) over thread_time in ('logout', 'timeout')
            or login_count > lag(login_count) over thread_time
            or (
                kind <> 'timeout'
                and min(began_at) over (
                    thread_time rows between current row and unbounded following
                ) - lag(occurred_at) over thread_time
                > if(is_bracketed, interval 60 minute, interval 30 minute)
            ),
            true
        ) as is_start
    from counted
    window thread_time as (partition by thread_key order by occurred_at, event_id)
),
opened as (
    select
        *,
        max(if(is_start, place, null)) over thread_time as began,
        max(if(kind = 'passive', null, place)) over thread_time >= began as is_open
    from cut
    window thread_time as (partition by thread_key order by place)
    qualify is_open
),
pieced as (
    select
        * exclude (is_open, is_start, is_bracketed, began, place, login_count, thread_key),
        dense_rank() over (partition by thread_key order by began)::integer as piece
    from opened
),
sessions as (
    select distinct
        client_id, app_id, student_id, thread, piece,
        md5(concat_ws(chr(31), client_id, app_id, student_id, thread, piece)) as session_id
    from pieced
)
select
    *,
    min(began_at) over (
        partition by session_id order by occurred_at, event_id
        rows between 1 following and unbounded following
    ) as next_stated_from_at
from pieced inner join sessions using (client_id, app_id, student_id, thread, piece);

create temp table bounded as
with summed as (
    select
        session_id, any_value(stream_key) as stream_key, any_value(if(session_ref is null, null, thread[9:])) as session_ref,
        any_value(piece) as piece, any_value(client_id) as client_id,
        any_value(app_id) as app_id, any_value(student_id) as student_id,
        any_value(timezone) as timezone, any_value(school_id) as school_id,
        min_by(kind, (occurred_at, event_id)) = 'login' as is_bracketed,
        if(is_bracketed, min(occurred_at), min(began_at) filter (where kind <> 'passive'))
            as started_at,
        timezone(any_value(timezone), started_at)::date as started_on,
        max(occurred_at) as last_event_at,
        max(occurred_at) filter (where kind <> 'timeout') as last_activity_at,
        max_by(kind, (occurred_at, event_id)) as last_kind,
        min_by(event_id, (occurred_at, event_id)) as first_event_id,
        max_by(event_id, (occurred_at, event_id)) as last_event_id,
        min(occurred_at) filter (where next_stated_from_at > occurred_at) as silent_from_at,
        count(*) as event_count
    from placed group by session_id
),
followed as (
    select
        *,
        lead(started_at) over stream as next_session_at,
        if(is_bracketed, interval 60 minute, interval 30 minute) as gap_limit,
        piece > 1 and not is_bracketed as is_post_logout,
        case
            when last_kind = 'logout' then 'logged_out'
            when last_kind = 'timeout' then 'timed_out'
            when next_session_at - last_event_at <= gap_limit then 'superseded'
            when getvariable('as_of') - last_event_at <= gap_limit then 'open'
            else 'inferred_idle'
        end as end_reason
    from summed
    window stream as (partition by stream_key order by started_at, session_id)
)
select
    *,
    case end_reason
        when 'logged_out' then last_event_at
        when 'timed_out' then coalesce(last_activity_at, last_event_at)
        when 'open'
            then greatest(
                last_event_at, least(last_event_at + interval 1 minute, getvariable('as_of'))
            )
        else greatest(
            last_event_at, least(last_event_at + interval 1 minute, next_session_at)
        )
    end as ended_at,
    case
        when
            started_at < ended_at and ended_at <= last_event_at
            and coalesce(silent_from_at >= ended_at, true)
            then 'measured'
        when is_bracketed and end_reason in ('logged_out', 'timed_out') then 'bracketed'
        else 'inferred'
    end as time_quality
from followed;

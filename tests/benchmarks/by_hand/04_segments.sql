-- A session from event to event: the first 10 minutes after each are active, the rest is idle; in
-- sessions with measured time what a measurement covers is active. Each span lies where the
-- student was last seen.
create temp table stated as
with located as (
    select
        placed.session_id, occurred_at as started_at, last_event_at,
        least(lead(occurred_at, 1, ended_at) over session_time, ended_at) as ended_at,
        last_value(placed.course_id ignore nulls) over session_time as course_id,
        last_value(placed.lesson_id ignore nulls) over session_time as lesson_id,
        placed.subject, time_quality, bounded.started_at as session_started_at,
        bounded.ended_at as session_ended_at, duration_seconds, event_id
    from placed inner join bounded using (session_id)
    window session_time as (
        partition by placed.session_id order by occurred_at, event_id
    )
),
spans as (
    select * replace (started_at as last_event_at),
        least(started_at + interval 10 minute, ended_at) as idle_from_at
    from located where ended_at > started_at
),
measured as (
    select
        session_id, course_id, lesson_id, subject,
        greatest(
            started_at - to_seconds(least(duration_seconds, 28800)), session_started_at
        ) as started_at,
        least(started_at, session_ended_at) as ended_at
    from located where duration_seconds > 0
),
cuts as (
    select session_id, started_at as cut_at from spans where time_quality = 'measured'
    union
    select session_id, ended_at from spans where time_quality = 'measured'
    union
    select session_id, started_at from measured where started_at < ended_at
    union
    select session_id, ended_at from measured where started_at < ended_at
),
slices as (
    select session_id, cut_at as started_at,
        lead(cut_at) over (partition by session_id order by cut_at) as ended_at
    from cuts
    qualify ended_at is not null
),
divided as (
    select
        slices.session_id, slices.started_at, slices.ended_at, spans.last_event_at,
        if(measured.started_at <= slices.started_at, 'active', 'idle') as state,
        if(state = 'active', measured.course_id, spans.course_id) as course_id,
        if(state = 'active', measured.lesson_id, spans.lesson_id) as lesson_id,
        if(state = 'active', measured.subject, spans.subject) as subject
    from slices
    asof inner join spans
        on slices.session_id = spans.session_id and slices.started_at >= spans.started_at
    asof left join measured
        on slices.session_id = measured.session_id and slices.started_at < measured.ended_at
)
select session_id, 'active' as state, started_at, idle_from_at as ended_at, last_event_at,
    course_id, lesson_id, subject
from spans where time_quality <> 'measured'
union all
select session_id, 'idle', idle_from_at, ended_at, last_event_at, course_id, lesson_id, subject
from spans where time_quality <> 'measured' and idle_from_at < ended_at
union all by name
select * from divided;

-- A student's clock counts once: where sessions overlap, the active one before an idle one, then
-- the app with the latest event.
create temp table counted as
with stretches as (
    select *, coalesce(
        started_at > max(ended_at) over (
            partition by student_id order by started_at, session_id
            rows between unbounded preceding and 1 preceding
        ),
        true
    ) as is_start
    from bounded where ended_at > started_at
),
numbered as (
    select session_id, count_if(is_start) over (
        partition by student_id order by started_at, session_id
    ) as stretch, student_id
    from stretches
),
overlapping as (
    select session_id, stretch from numbered
    qualify count(*) over (partition by student_id, stretch) > 1
),
zoned as (
    select
        stated.*, student_id, client_id, app_id, school_id, stretch,
        timezone(timezone, stated.started_at)::date as local_on
    from stated
    inner join bounded using (session_id)
    left join overlapping using (session_id)
),
cuts as (
    select student_id, stretch, started_at as cut_at from zoned where stretch is not null
    union
    select student_id, stretch, ended_at from zoned where stretch is not null
),
slices as (
    select
        zoned.* exclude (started_at, ended_at), cut_at as started_at,
        lead(cut_at, 1, ended_at) over (
            partition by session_id, zoned.started_at, state order by cut_at
        ) as ended_at
    from zoned
    inner join cuts using (student_id, stretch)
    where cut_at >= zoned.started_at and cut_at < zoned.ended_at
)
select *, true as is_counted, true as is_counted_for_client from zoned where stretch is null
union all by name
select
    *,
    row_number() over (
        partition by student_id, started_at
        order by state, last_event_at desc, app_id, client_id, session_id
    ) = 1 as is_counted,
    row_number() over (
        partition by student_id, client_id, started_at
        order by state, last_event_at desc, app_id, session_id
    ) = 1 as is_counted_for_client
from slices;

-- Neighbours that differ in nothing are one row.
create table fct_activity_segments as
with marked as (
    select *, coalesce(started_at > lag(ended_at) over alike, true) as is_start
    from counted
    window alike as (
        partition by
            session_id, state, course_id, lesson_id, subject, local_on, is_counted,
            is_counted_for_client
        order by started_at
    )
),
numbered as (
    select *, count_if(is_start) over (
        partition by
            session_id, state, course_id, lesson_id, subject, local_on, is_counted,
            is_counted_for_client
        order by started_at
    ) as segment
    from marked
),
merged as (
    select
        session_id, student_id, client_id, app_id, course_id, lesson_id, subject, school_id,
        state, local_on, is_counted, is_counted_for_client, segment,
        min(started_at) as started_at, max(ended_at) as ended_at
    from numbered group by all
)
select
    md5(concat_ws(chr(31), session_id, epoch_us(started_at))) as segment_id,
    session_id, student_id, client_id, app_id, course_id, lesson_id, subject, school_id, state,
    started_at, ended_at, local_on, seconds_between(started_at, ended_at) as seconds, is_counted,
    is_counted_for_client
from merged order by student_id, local_on;

create table fct_sessions as
with seconds as (
    select session_id,
        round(sum(seconds) filter (where state = 'active'), 6) as active_seconds,
        round(sum(seconds) filter (where state = 'idle'), 6) as idle_seconds
    from fct_activity_segments group by session_id
)
select
    session_id, session_ref, piece, client_id, app_id, student_id, school_id, timezone,
    started_at, ended_at, started_on, end_reason, not is_bracketed as is_implicit,
    is_post_logout, false as is_flagged, time_quality,
    seconds_between(started_at, ended_at) as session_seconds,
    coalesce(active_seconds, 0) as active_seconds, coalesce(idle_seconds, 0) as idle_seconds,
    event_count, first_event_id, last_event_id
from bounded left join seconds using (session_id)
order by student_id, started_on;

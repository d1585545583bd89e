-- A session from event to event: what an event states of the time before it is active, of what is left
-- after the event before the first 10 minutes, and the rest idle. Each span lies where the student was
-- last seen, what is stated where the event is that states it.
create temp table stated as
with located as (
    select
        placed.session_id, occurred_at as started_at,
        least(lead(occurred_at, 1, ended_at) over session_time, ended_at) as ended_at,
        last_value(placed.course_id ignore nulls) over session_time as course_id,
        last_value(placed.lesson_id ignore nulls) over session_time as lesson_id,
        placed.subject, bounded.started_at as session_started_at, next_stated_from_at,
        bounded.ended_at as session_ended_at, began_at, event_id,
        row_number() over session_time = 1 as is_first
    from placed inner join bounded using (session_id)
    window session_time as (
        partition by placed.session_id order by occurred_at, event_id
    )
),
parts as (
    select session_id, started_at, ended_at, course_id, lesson_id, subject, next_stated_from_at
    from located
    union all
    select session_id, session_started_at, started_at, course_id, lesson_id, subject,
        session_started_at
    from located where is_first
),
spans as (
    select
        *, started_at as last_event_at,
        greatest(least(coalesce(next_stated_from_at, ended_at), ended_at), started_at)
            as stated_from_at,
        least(started_at + interval 10 minute, stated_from_at) as idle_from_at
    from parts where ended_at > started_at
),
measured as (
    select
        session_id, course_id, lesson_id, subject,
        greatest(began_at, session_started_at) as started_at,
        least(started_at, session_ended_at) as ended_at
    from located
    where greatest(began_at, session_started_at) < least(located.started_at, session_ended_at)
),
cuts as (
    select session_id, stated_from_at as cut_at from spans where stated_from_at < ended_at
    union
    select session_id, ended_at from spans where stated_from_at < ended_at
    union
    select session_id, started_at from measured
    union
    select session_id, ended_at from measured
),
slices as (
    select session_id, cut_at as started_at,
        lead(cut_at) over (partition by session_id order by cut_at) as ended_at
    from cuts
    qualify ended_at is not null
),
divided as (
    select
        slices.session_id, 'active' as state, slices.started_at, slices.ended_at,
        spans.last_event_at, measured.course_id, measured.lesson_id, measured.subject
    from slices
    asof inner join spans
        on slices.session_id = spans.session_id and slices.started_at >= spans.started_at
    asof inner join measured
        on slices.session_id = measured.session_id and slices.started_at < measured.ended_at
    where slices.started_at >= spans.stated_from_at
)
select session_id, 'active' as state, started_at, idle_from_at as ended_at, last_event_at,
    course_id, lesson_id, subject
from spans where started_at < idle_from_at
union all
select session_id, 'idle', idle_from_at, stated_from_at, last_event_at, course_id, lesson_id,
    subject
from spans where idle_from_at < stated_from_at
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

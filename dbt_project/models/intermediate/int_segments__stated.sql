-- Every second of a session as active or idle (rule S5): what events state is active, else silence
-- counts as activity up to a limit. Cut at the school's midnight.
with spans as (

    select * from {{ ref('int_sessions__spans') }}

),

stated as (

    select
        session_id, 'active' as state, started_at, idle_from_at as ended_at, last_event_at,
        course_id, lesson_id, subject
    from spans
    where started_at < idle_from_at
    union all
    select
        session_id, 'idle', idle_from_at, stated_from_at, last_event_at,
        course_id, lesson_id, subject
    from spans
    where idle_from_at < stated_from_at
    union all by name
    select * from {{ ref('int_segments__measured') }}

),

-- A session that lies in one local day saves its segments the look at the zone's clock.
sessions as (

    select
        *,
        {{ local_date('started_at', 'timezone') }} as begins_on,
        {{ start_of_day('begins_on + 1', 'timezone') }} as midnight_at,
        ended_at <= midnight_at
        and {{ local_date('ended_at', 'timezone') }} = begins_on as is_of_one_day
    from {{ ref('int_sessions__bounded') }}

),

zoned as (

    select
        stated.*,
        sessions.student_id,
        sessions.client_id,
        sessions.app_id,
        sessions.school_id,
        if(
            sessions.is_of_one_day,
            sessions.begins_on,
            {{ local_date('stated.started_at', 'sessions.timezone') }}
        ) as local_on,
        if(
            sessions.is_of_one_day,
            sessions.midnight_at,
            {{ start_of_day('local_on + 1', 'sessions.timezone') }}
        ) as midnight_at
    from stated
    inner join sessions using (session_id)

),

final as (

    select * exclude (ended_at, midnight_at), least(ended_at, midnight_at) as ended_at
    from zoned
    union all by name
    select
        * exclude (started_at, midnight_at, local_on),
        midnight_at as started_at,
        local_on + 1 as local_on
    from zoned
    where midnight_at < ended_at

)

select * from final

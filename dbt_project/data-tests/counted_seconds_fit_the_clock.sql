-- No local day holds more counted seconds than it has: 23 hours when the clocks go forward.
with days as (

    select
        segments.student_id,
        segments.local_on,
        sessions.timezone,
        sum(segments.seconds) as counted_seconds
    from {{ ref('fct_activity_segments') }} as segments
    inner join {{ ref('fct_sessions') }} as sessions using (session_id)
    where segments.is_counted and {{ is_touched(days('segments.student_id', 'segments.local_on')) }}
    group by all

)

select * from days
where
    counted_seconds > {{ seconds_between(
        start_of_day('local_on', 'timezone'), start_of_day('local_on + 1', 'timezone')
    ) }} + 0.001

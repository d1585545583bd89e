-- A student is in one place at a time, whatever number of apps is open (rule S6).
with counted as (

    select
        *,
        lag(ended_at) over (
            partition by student_id order by started_at, ended_at
        ) as previous_ended_at
    from {{ ref('fct_activity_segments') }}
    where is_counted and {{ in_window('student_id', 'started_at') }}

)

select * from counted where started_at < previous_ended_at

with students as (

    select * from {{ ref('int_off_track__students') }}

),

days as (

    select
        days.student_id,
        days.local_on,
        days.is_school_day,
        max(days.local_on) filter (where days.has_events) over (
            partition by days.student_id
        ) as last_event_on
    from {{ ref('int_goals__days') }} as days
    inner join students
        on days.student_id = students.student_id and days.local_on < students.today
    where days.subject = 'All'

),

goal_days as (

    select
        goals.student_id,
        goals.status,
        row_number() over (partition by goals.student_id order by goals.local_on desc) as days_ago
    from {{ ref('fct_daily_goals') }} as goals
    inner join students
        on goals.student_id = students.student_id and goals.local_on < students.today
    where goals.subject = 'All' and goals.status not in ('no_school', 'no_goal')

),

present_today as (

    select students.student_id from students
    inner join {{ ref('int_goals__days') }} as days
        on
            students.student_id = days.student_id
            and days.local_on = students.today
            and days.subject = 'All'
    where days.has_events

),

silent as (

    select
        student_id,
        count(*) filter (
            where is_school_day and (last_event_on is null or local_on > last_event_on)
        ) as measured
    from days
    anti join present_today on days.student_id = present_today.student_id
    group by student_id

),

missed as (

    select
        student_id,
        count(*) filter (where status <> 'met') as measured,
        count(*) as evidence_count
    from goal_days
    where days_ago <= {{ var('off_track_goal_days') }}
    group by student_id

),

final as (

    select student_id, 'no_events' as reason, measured::double as measured, measured as evidence_count
    from silent
    where measured >= {{ var('off_track_silent_days') }}
    union all
    select student_id, 'goal_missed', measured, evidence_count from missed
    where measured >= {{ var('off_track_goals_missed') }}

)

select * from final

with timed_apps as (

    select distinct student_id, client_id, app_id from {{ ref('fct_sessions') }}
    where time_quality <> 'none'

),

timed as (

    select entries.entry_id, entries.student_id, entries.earned_on, entries.xp
    from {{ ref('int_xp__reviewed') }} as entries
    semi join timed_apps
        on
            entries.student_id = timed_apps.student_id
            and entries.client_id = timed_apps.client_id
            and entries.app_id = timed_apps.app_id

),

earned as (

    select
        student_id,
        earned_on,
        sum(xp) as day_xp
    from timed
    group by all

),

active as (

    select
        student_id,
        local_on,
        round(sum(seconds), 6) / 60 as active_minutes
    from {{ ref('fct_activity_segments') }} as segments
    semi join earned
        on segments.student_id = earned.student_id and segments.local_on = earned.earned_on
    where state = 'active' and is_counted
    group by all

),

days_over as (

    select
        earned.student_id,
        earned.earned_on,
        earned.day_xp,
        coalesce(active.active_minutes, 0) as active_minutes
    from earned
    left join active
        on earned.student_id = active.student_id and earned.earned_on = active.local_on
    where
        earned.day_xp
        > {{ var('review_xp_per_active_minute') }} * coalesce(active.active_minutes, 0)
        + {{ var('review_xp_allowance') }}

),

final as (

    select
        timed.entry_id,
        timed.student_id,
        days_over.day_xp,
        days_over.active_minutes
    from timed
    inner join days_over
        on
            timed.student_id = days_over.student_id
            and timed.earned_on = days_over.earned_on

)

select * from final

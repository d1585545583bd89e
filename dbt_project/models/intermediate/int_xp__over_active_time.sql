with timed_apps as (

    select distinct student_id, client_id, app_id from {{ ref('fct_sessions') }}
    where time_quality <> 'none' and {{ this_run('student_id') }}

),

entries as (

    select entries.entry_id, entries.student_id, entries.earned_on, entries.xp
    from {{ ref('int_ledger__entries') }} as entries
    inner join timed_apps
        on
            entries.student_id = timed_apps.student_id
            and entries.client_id = timed_apps.client_id
            and entries.app_id = timed_apps.app_id
    where {{ this_run('entries.student_id') }}

),

earned as (

    select
        student_id,
        earned_on,
        sum(xp) as day_xp
    from entries
    group by all

),

active as (

    select
        student_id,
        local_on,
        round(sum(seconds), 6) / 60 as active_minutes
    from {{ ref('fct_activity_segments') }}
    where state = 'active' and is_counted and {{ this_run('student_id') }}
    group by all

),

days_over as (

    select
        earned.student_id,
        earned.earned_on
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
        entries.entry_id,
        entries.student_id
    from entries
    inner join days_over
        on
            entries.student_id = days_over.student_id
            and entries.earned_on = days_over.earned_on

)

select * from final

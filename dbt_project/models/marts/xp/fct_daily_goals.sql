{{ config(sorted_by=['student_id', 'local_on']) }}

with days as (

    select
        *,
        least(
            greatest(
                date_diff(
                    'minute',
                    local_on + to_hours({{ var('pace_starts_hour') }}),
                    timezone(timezone, {{ as_of() }})
                )
                / (60.0 * ({{ var('pace_ends_hour') }} - {{ var('pace_starts_hour') }})),
                0
            ),
            1
        ) as elapsed_ratio
    from {{ ref('int_goals__days') }}

),

judged as (

    select
        *,
        case
            when coalesce(goal_xp, 0) <= 0 then 'no_goal'
            when not is_school_day then 'no_school'
            when earned_xp >= goal_xp then 'met'
            when not has_events and earned_xp = 0 then 'not_started'
            when local_on = today and earned_xp >= goal_xp * elapsed_ratio then 'on_pace'
            else 'behind'
        end as status
    from days

),

missed as (

    select
        *,
        count(*) filter (where local_on < today and status in ('not_started', 'behind')) over (
            partition by student_id, subject order by local_on
        ) as missed_count
    from judged

),

final as (

    select
        student_id,
        local_on,
        subject,
        school_id,
        goal_xp,
        goal_source,
        earned_xp,
        status,
        is_school_day,
        count(*) filter (where status = 'met') over (
            partition by student_id, subject, missed_count order by local_on
        )::bigint as streak_days
    from missed
    order by student_id, local_on, subject

)

select * from final

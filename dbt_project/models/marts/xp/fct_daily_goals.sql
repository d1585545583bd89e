{{ config(
    meta={'units': [goal_days()]},
    sorted_by=['student_id', 'local_on'],
) }}

{{ after('int_goals__students') }}
with days as (

    select
        *,
        {{ local_date(as_of(), 'timezone') }} as today,
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
    from {{ ref('int_goals__days') }} as goal_days
    where {{ is_touched(goal_days('goal_days.student_id', 'goal_days.local_on')) }}

),

judged as (

    select
        *,
        case
            when not is_in_term then 'no_school'
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

{% if is_small_build() %}

-- The streaks that run into the days that this build judges.
running as (

    select
        earlier.student_id,
        earlier.subject,
        max_by(earlier.streak_days, earlier.local_on) as streak_days
    from {{ previous('fct_daily_goals') }} as earlier
    inner join {{ ref('int_goals__students') }} as redone
        on
            earlier.student_id = redone.student_id
            and earlier.local_on < redone.redone_from_on
    group by earlier.student_id, earlier.subject

),

{% endif %}

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
        is_in_term,
        is_school_day,
        count(*) filter (where status = 'met') over (
            partition by student_id, subject, missed_count order by local_on
        )::bigint
        {% if is_small_build() %}
            + case when missed_count = 0 then coalesce(running.streak_days, 0) else 0 end
        {% endif %}
            as streak_days,
        restated_at
    from missed
    {% if is_small_build() %}
        left join running using (student_id, subject)
    {% endif %}
    order by student_id, local_on, subject

)

select * from final

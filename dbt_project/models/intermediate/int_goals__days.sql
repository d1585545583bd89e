{{ config(
    materialized='incremental',
    meta={'units': [goal_days()]},
    sorted_by=['student_id', 'local_on'],
) }}

-- One row per enrolled student, local day and subject, and one for the whole day ('All').
with goals as (

    select
        student_id,
        local_on,
        case when grouping(subject) = 1 then 'All' else nullif(subject, 'All') end as subject,
        sum(goal_xp) as goal_xp,
        arg_min(
            goal_source,
            list_position(['enrollment', 'student', 'course', 'school', 'default'], goal_source)
        ) as goal_source
    from {{ ref('int_goals__enrolled') }}
    group by grouping sets ((student_id, local_on, subject), (student_id, local_on))

),

activity as (

    select
        student_id,
        local_on,
        case when course_id is not null then subject end as subject,
        event_count,
        credited_xp,
        restated_at
    from {{ ref('agg_student_day_lesson__activity') }} as activity
    where {{ is_touched(goal_days('activity.student_id', 'activity.local_on')) }}

),

done as (

    select
        student_id,
        local_on,
        case when grouping(subject) = 1 then 'All' else nullif(subject, 'All') end as subject,
        sum(credited_xp) as earned_xp,
        sum(event_count) > 0 as has_events,
        max(restated_at) as restated_at
    from activity
    group by grouping sets ((student_id, local_on, subject), (student_id, local_on))
    having sum(event_count) > 0 or sum(credited_xp) <> 0

),

subjects as (

    select student_id, local_on, subject from goals
    union
    select student_id, local_on, subject from done
    union
    select student_id, local_on, 'All' from {{ ref('int_goals__calendar') }}

),

final as (

    select
        subjects.student_id,
        subjects.local_on,
        subjects.subject,
        calendar.school_id,
        calendar.timezone,
        calendar.is_in_term,
        calendar.is_school_day,
        goals.goal_xp::decimal(18, 4) as goal_xp,
        goals.goal_source,
        coalesce(done.earned_xp, 0)::decimal(18, 4) as earned_xp,
        coalesce(done.has_events, false) as has_events,
        done.restated_at
    from subjects
    inner join {{ ref('int_goals__calendar') }} as calendar using (student_id, local_on)
    left join goals using (student_id, local_on, subject)
    left join done using (student_id, local_on, subject)
    where subjects.subject is not null

)

select * from final

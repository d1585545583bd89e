{{ config(
    materialized='incremental',
    incremental_strategy='touched_days',
    sorted_by=['student_id', 'local_on'],
) }}

-- depends_on: {{ ref('int_students__touched') }}
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

course_events as (

    select
        student_id,
        local_on,
        case when course_id is not null then subject end as subject
    from {{ ref('int_events__accepted') }}

),

events as (

    select
        student_id,
        local_on,
        case when grouping(subject) = 1 then 'All' else nullif(subject, 'All') end as subject,
        count(*) > 0 as has_events
    from course_events
    group by grouping sets ((student_id, local_on, subject), (student_id, local_on))

),

earned as (

    select
        student_id,
        earned_on as local_on,
        case when grouping(subject) = 1 then 'All' else nullif(subject, 'All') end as subject,
        sum(xp) as earned_xp
    from {{ ref('fct_xp_ledger') }}
    where status = 'credited'
    group by grouping sets ((student_id, earned_on, subject), (student_id, earned_on))

),

subjects as (

    select student_id, local_on, subject from goals
    union
    select student_id, local_on, subject from events
    union
    select student_id, local_on, subject from earned
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
        calendar.today,
        calendar.is_school_day,
        goals.goal_xp::decimal(18, 4) as goal_xp,
        goals.goal_source,
        coalesce(earned.earned_xp, 0)::decimal(18, 4) as earned_xp,
        coalesce(events.has_events, false) as has_events
    from subjects
    inner join {{ ref('int_goals__calendar') }} as calendar using (student_id, local_on)
    left join goals using (student_id, local_on, subject)
    left join events using (student_id, local_on, subject)
    left join earned using (student_id, local_on, subject)
    where subjects.subject is not null

)

select * from final

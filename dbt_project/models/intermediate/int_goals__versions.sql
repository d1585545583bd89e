-- What judges a day, version by version: a version holds from the local day on which it was
-- recorded, the first one since ever. Each level of the goal's precedence is one kind of record.
with versions as (

    select
        'enrollment' as goal_level,
        enrollment_id as record_id,
        version,
        recorded_at,
        daily_goal_xp,
        null::varchar as subject,
        null::integer[] as school_days,
        null::varchar[] as holidays
    from {{ ref('stg_catalog__enrollments') }}
    where status = 'active'
    union all
    select
        'student',
        user_id,
        version,
        recorded_at,
        daily_goal_xp,
        null,
        null,
        null
    from {{ ref('stg_catalog__users') }}
    union all
    select
        'course',
        course_id,
        version,
        recorded_at,
        daily_goal_xp,
        coalesce(subject, 'Other'),
        null,
        null
    from {{ ref('stg_catalog__courses') }}
    union all
    select
        'school',
        org_id,
        version,
        recorded_at,
        daily_goal_xp,
        null,
        school_days,
        holidays
    from {{ ref('stg_catalog__orgs') }}

),

final as (

    select
        goal_level,
        record_id,
        case
            when recorded_at = min(recorded_at) over (partition by goal_level, record_id)
                then timestamptz '-infinity'
            else recorded_at
        end as known_from_at,
        daily_goal_xp,
        subject,
        school_days,
        holidays
    from versions
    -- recorded in one instant: the newest version is the one that holds
    qualify
        row_number() over (
            partition by goal_level, record_id, recorded_at order by version desc
        ) = 1

)

select * from final

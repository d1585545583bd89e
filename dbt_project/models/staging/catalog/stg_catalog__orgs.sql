with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'org'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as org_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.name' as org_name,
        payload ->> '$.type' as org_type,
        payload ->> '$.parent.sourcedId' as parent_org_id,
        payload ->> '$.metadata.timezone' as timezone,
        try_cast(payload ->> '$.metadata.goals.dailyXp' as decimal(18, 4)) as daily_goal_xp,
        try_cast(payload -> '$.metadata.calendar.schoolDays' as integer[]) as school_days,
        try_cast(payload -> '$.metadata.calendar.holidays' as varchar[]) as holidays
    from source

)

select * from final

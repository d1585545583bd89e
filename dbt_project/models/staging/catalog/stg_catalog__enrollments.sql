with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'enrollment'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as enrollment_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.user.sourcedId' as student_id,
        payload ->> '$.class.sourcedId' as class_id,
        payload ->> '$.school.sourcedId' as school_id,
        coalesce(payload ->> '$.role', 'student') as role,
        coalesce(try_cast(payload ->> '$.primary' as boolean), false) as is_primary,
        try_cast(left(payload ->> '$.beginDate', 10) as date) as begin_on,
        try_cast(left(payload ->> '$.endDate', 10) as date) as end_on,
        try_cast(payload ->> '$.metadata.goals.dailyXp' as decimal(18, 4)) as daily_goal_xp
    from source

)

select * from final

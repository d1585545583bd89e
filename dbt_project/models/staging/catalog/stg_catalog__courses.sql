with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'course'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as course_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.title' as course_title,
        payload ->> '$.subjects[0]' as subject,
        payload ->> '$.metadata.gradePolicy' as grade_policy,
        try_cast(payload ->> '$.metadata.goals.dailyXp' as decimal(18, 4)) as daily_goal_xp
    from source

)

select * from final

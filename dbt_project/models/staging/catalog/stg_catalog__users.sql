with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'user'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as user_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.givenName' as given_name,
        payload ->> '$.familyName' as family_name,
        payload ->> '$.email' as email,
        payload ->> '$.grades[0]' as grade,
        coalesce(
            payload ->> '$.primaryOrg.sourcedId', payload ->> '$.roles[0].org.sourcedId'
        ) as school_id,
        list_contains(payload ->> '$.roles[*].role', 'student') as is_student,
        try_cast(payload ->> '$.metadata.goals.dailyXp' as decimal(18, 4)) as daily_goal_xp
    from source

)

select * from final

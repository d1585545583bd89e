with latest as (

    select * from {{ ref('stg_catalog__courses') }}
    qualify row_number() over (partition by course_id order by version desc) = 1

),

final as (

    select
        course_id,
        course_title,
        coalesce(subject, 'Other') as subject,
        owner_client_id as client_id,
        coalesce(grade_policy, 'best') as grade_policy,
        status = 'active' as is_active,
        is_sandbox
    from latest
    order by course_id

)

select * from final

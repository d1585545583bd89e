with latest as (

    select * from {{ ref('stg_catalog__classes') }}
    qualify row_number() over (partition by class_id order by version desc) = 1

),

final as (

    select
        class_id,
        class_title,
        course_id,
        school_id,
        status = 'active' as is_active,
        is_sandbox
    from latest
    order by class_id

)

select * from final

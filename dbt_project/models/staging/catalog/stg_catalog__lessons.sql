with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'lesson'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as lesson_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.title' as lesson_title,
        try_cast(payload ->> '$.sortOrder' as integer) as sort_order,
        payload ->> '$.unit.sourcedId' as unit_id,
        payload ->> '$.course.sourcedId' as course_id
    from source

)

select * from final

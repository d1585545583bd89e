with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'class'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as class_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.title' as class_title,
        payload ->> '$.course.sourcedId' as course_id,
        payload ->> '$.school.sourcedId' as school_id,
        payload ->> '$.terms[*].sourcedId' as term_ids
    from source

)

select * from final

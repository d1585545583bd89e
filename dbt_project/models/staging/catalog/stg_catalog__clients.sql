with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'client'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as client_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        payload ->> '$.name' as client_name,
        payload ->> '$.mode' as client_mode,
        payload ->> '$.defaultAppId' as default_app_id
    from source

)

select * from final

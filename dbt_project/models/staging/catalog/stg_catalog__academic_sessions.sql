with source as (

    select * from {{ ref('stg_catalog__records') }} where record_type = 'academicSession'

),

final as (

    select
        load_id,
        record_seq,
        sourced_id as academic_session_id,
        version,
        owner_client_id,
        is_sandbox,
        status,
        recorded_at,
        try_cast(left(payload ->> '$.startDate', 10) as date) as begin_on,
        try_cast(left(payload ->> '$.endDate', 10) as date) as end_on
    from source

)

select * from final

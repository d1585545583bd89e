with source as (

    select * from {{ source('raw', 'rejections') }}

),

final as (

    select
        load_id,
        journal_seq,
        event_index,
        receipt_id,
        client_id,
        received_at,
        event_id,
        event_type,
        reason,
        path as error_path,
        message
    from source

)

select * from final

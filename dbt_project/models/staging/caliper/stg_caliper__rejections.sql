{{ config(materialized='table') }}

-- Refusals are for good: a build reads those alone that it has not seen.
with source as (

    select * from {{ source('raw', 'rejections') }}
    where {{ has_arrived() }}

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

{{ config(
    incremental_strategy='touched_receipts',
    sorted_by=['client_id', 'received_on'],
) }}

with verdicts as (

    select
        *,
        cast(received_at as date) as received_on
    from {{ ref('fct_event_verdicts') }}
    where {{ not_before('int_verdicts__touched', 'received_on', 'received_at') }}

),

final as (

    select
        client_id,
        received_on,
        event_type,
        partner_verdict,
        partner_reason,
        count(*) as event_count,
        max(received_at) as last_received_at
    from verdicts
    where {{ in_receipts('client_id', 'received_on') }}
    group by all
    order by client_id, received_on

)

select * from final

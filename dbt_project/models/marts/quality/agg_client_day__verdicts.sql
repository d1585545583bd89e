with verdicts as (

    select * from {{ ref('fct_event_verdicts') }}

),

final as (

    select
        client_id,
        cast(received_at as date) as received_on,
        event_type,
        partner_verdict,
        partner_reason,
        count(*) as event_count
    from verdicts
    group by all
    order by client_id, received_on

)

select * from final

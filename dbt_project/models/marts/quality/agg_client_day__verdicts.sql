{{ config(
    meta={'units': [keys('int_receipts__changed', ['client_id', 'received_on'])]},
    sorted_by=['client_id', 'received_on'],
) }}

{{ after('int_receipts__changed', 'int_receipts__lost') }}
-- A small build adds what came and takes away what went; only where something went may the newest
-- one be another, and is looked for.
{% set kinds = 'client_id, received_on, event_type, partner_verdict, partner_reason' %}
with verdicts as (

    select
        *,
        cast(received_at as date) as received_on
    from {{ ref('fct_event_verdicts') }}
    {% if is_small_build() %}
        where {{ not_before('int_receipts__lost', 'received_on', 'received_at') }}
    {% endif %}

),

{% if is_small_build() %}

changed as (

    select * from {{ ref('int_receipts__changed') }}

),

lost as (

    select {{ kinds }}, max(verdicts.received_at) as last_received_at
    from verdicts
    semi join {{ ref('int_receipts__lost') }} using (client_id, received_on)
    group by all

),

added_up as (

    select former.* from {{ previous('agg_client_day__verdicts') }} as former
    semi join changed using (client_id, received_on)
    union all by name
    select * from changed

),

summed as (

    select
        {{ kinds }},
        cast(sum(event_count) as bigint) as event_count,
        max(last_received_at) as last_received_at
    from added_up
    group by all
    having sum(event_count) > 0

),

final as (

    select summed.* replace (
        coalesce(lost.last_received_at, summed.last_received_at) as last_received_at
    )
    from summed
    left join lost
        on
            summed.client_id = lost.client_id
            and summed.received_on = lost.received_on
            and summed.event_type is not distinct from lost.event_type
            and summed.partner_verdict is not distinct from lost.partner_verdict
            and summed.partner_reason is not distinct from lost.partner_reason
    order by summed.client_id, summed.received_on

)

{% else %}

final as (

    select
        {{ kinds }},
        count(*) as event_count,
        max(received_at) as last_received_at
    from verdicts
    group by all
    order by client_id, received_on

)

{% endif %}

select * from final

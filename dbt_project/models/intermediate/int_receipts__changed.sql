{{ config(materialized='table') }}

{{ after('fct_event_verdicts') }}
-- What a small build adds to a partner's day and takes from it. In a full build none is named.
with verdicts as (

    {% if is_small_build() %}
        select * from {{ delta('fct_event_verdicts') }}
    {% else %}
        select *, true as is_added from {{ ref('fct_event_verdicts') }}
        where false
    {% endif %}

),

final as (

    select
        client_id,
        cast(received_at as date) as received_on,
        event_type,
        partner_verdict,
        partner_reason,
        sum(if(is_added, 1, -1)) as event_count,
        max(received_at) filter (where is_added) as last_received_at
    from verdicts
    group by all

)

select * from final

{{ config(materialized='table') }}

{{ after('fct_event_verdicts') }}
-- The days of receipt from which a small build took a verdict away. In a full build none is named.
with final as (

    {% if is_small_build() %}
        select distinct client_id, cast(received_at as date) as received_on
        from {{ delta('fct_event_verdicts') }}
        where not is_added
    {% else %}
        select client_id, cast(received_at as date) as received_on
        from {{ ref('fct_event_verdicts') }}
        where false
    {% endif %}

)

select * from final

{{ config(materialized='table') }}

{{ after('int_events__arrived', 'int_events__reread') }}
-- The events that a build judges anew, with every other arrival of the same id.
-- Each part names its source itself: a CTE that two parts share would be read whole.
with arrived as (

    {% if is_small_build() %}
    select * from {{ ref('int_events__arrived') }}
    union all
    select * from {{ ref('int_events__reread') }}
    {% else %}
    select * from {{ ref('stg_caliper__events') }}
    {% endif %}

),

clients as (

    select client_id, default_app_id from {{ ref('stg_catalog__clients') }}
    qualify row_number() over (partition by client_id order by version desc) = 1

),

final as (

    select
        arrived.*,
        {{ event_keys('arrived') }},
        coalesce(
            {{ last_segment('arrived.app_ref') }}, clients.default_app_id, arrived.client_id
        ) as app_id
    from arrived
    left join clients on arrived.client_id = clients.client_id

)

select * from final

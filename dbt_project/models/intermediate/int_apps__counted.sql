{{ config(
    materialized='incremental',
    meta={'units': [keys('int_events__verdicts__delta', ['client_id', 'app_id'])]},
) }}

with events as (

    {% if is_small_build() %}
        select client_id, app_id, if(is_added, 1, -1) as event_count
        from {{ delta('int_events__verdicts') }}
        union all
        select counted.client_id, counted.app_id, counted.event_count
        from {{ previous('int_apps__counted') }} as counted
        semi join {{ delta('int_events__verdicts') }} using (client_id, app_id)
    {% else %}
        select client_id, app_id, 1 as event_count
        from {{ ref('int_events__verdicts') }}
    {% endif %}

),

final as (

    select
        client_id,
        app_id,
        cast(sum(event_count) as bigint) as event_count
    from events
    group by client_id, app_id
    having sum(event_count) > 0
    order by client_id, app_id

)

select * from final

{{ config(materialized='table', meta={'empty_with': 'int_records__changed'}) }}

-- Events of earlier loads that may mean a record which was not there when they came. In a full build
-- none is named.
with changed as (

    select * from {{ ref('int_records__changed') }}

),

{% if is_small_build() %}

landed as (

    select distinct waiting.client_id, waiting.day
    from {{ previous('int_events__waiting') }} as waiting
    semi join changed using (record_id)

),

named as (

    select events.client_id, events.event_hash, unnest({{ references_of('events') }}) as reference
    from {{ ref('stg_caliper__events') }} as events
    semi join landed using (client_id, day)

),

keyed as (

    select client_id, event_hash, unnest({{ id_keys('reference') }}) as record_id
    from named
    where reference is not null

),

final as (

    select distinct keyed.client_id, keyed.event_hash
    from keyed
    semi join changed using (record_id)

)

{% else %}

final as (

    select events.client_id, events.event_hash
    from {{ ref('stg_caliper__events') }} as events
    semi join changed on events.event_id = changed.record_id
    where false

)

{% endif %}

select * from final

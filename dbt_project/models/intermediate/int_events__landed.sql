{{ config(materialized='table', meta={'empty_with': 'int_records__changed'}) }}

-- Events of earlier loads that may mean a record which was not there when they came. In a full build
-- none is named.
with changed as (

    select * from {{ ref('int_records__changed') }}

),

{% if is_small_build() %}

landed as (

    select waiting.client_id, waiting.day, list(distinct waiting.record_id) as record_ids
    from {{ previous('int_events__waiting') }} as waiting
    semi join changed using (record_id)
    group by waiting.client_id, waiting.day

),

waiting as (

    select
        events.client_id,
        events.event_hash,
        landed.record_ids,
        {{ event_keys('events') }}
    from {{ ref('stg_caliper__events') }} as events
    inner join landed on events.client_id = landed.client_id and events.day = landed.day

),

final as (

    select client_id, event_hash from waiting
    where
        list_has_any(
            student_keys || course_keys || part_keys || lesson_keys || assignable_keys
            || assignable_part_keys,
            record_ids
        )

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

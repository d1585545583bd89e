{{ config(materialized='table') }}

{{ after('int_events__redone') }}
-- The events that a build judges anew, with every other arrival of the same id.
with events as (

    select * from {{ ref('stg_caliper__events') }}

),

{% if is_small_build() %}

-- Named by few columns first: of the wide rows only their own days are read.
earlier as (

    select events.journal_seq, events.event_index, events.day
    from events
    semi join {{ ref('int_events__redone') }} as redone
        on events.client_id = redone.client_id and events.event_hash = redone.event_hash
    where events.load_id <= {{ marked_load_id() }}

),

arrived as (

    select * from events
    where load_id > {{ marked_load_id() }}
    union all
    select events.*
    from events
    semi join earlier using (day, journal_seq, event_index)

),

{% else %}

arrived as (

    select * from events

),

{% endif %}

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

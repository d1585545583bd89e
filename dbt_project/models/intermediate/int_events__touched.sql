{{ config(materialized='table') }}

-- An event is judged anew if it is new, if a record that it names changed, or if it shares its id
-- with such an event.
with keyed as (

    select * from {{ ref('int_events__keyed') }}

),

changed as (

    select record_id from {{ ref('int_records__changed') }} where record_type <> 'client'

),

changed_clients as (

    select record_id from {{ ref('int_records__changed') }} where record_type = 'client'

),

named as (

    select
        client_id,
        event_hash,
        unnest(
            student_keys || course_keys || part_keys || lesson_keys || assignable_keys
            || assignable_part_keys
        ) as record_id
    from keyed

),

redone as (

    select client_id, event_hash from keyed where load_id > {{ marked_load_id() }}
    union
    select client_id, event_hash from named semi join changed using (record_id)
    union
    select client_id, event_hash
    from keyed
    semi join changed_clients on keyed.client_id = changed_clients.record_id

),

clients as (

    select client_id, default_app_id from {{ ref('stg_catalog__clients') }}
    qualify row_number() over (partition by client_id order by version desc) = 1

),

final as (

    select
        events.*,
        keyed.student_keys,
        keyed.course_keys,
        keyed.part_keys,
        keyed.lesson_keys,
        keyed.assignable_keys,
        keyed.assignable_part_keys,
        coalesce(
            {{ last_segment('events.app_ref') }}, clients.default_app_id, events.client_id
        ) as app_id
    from keyed
    semi join redone
        on keyed.client_id = redone.client_id and keyed.event_hash = redone.event_hash
    inner join {{ ref('stg_caliper__events') }} as events
        on keyed.journal_seq = events.journal_seq and keyed.event_index = events.event_index
    left join clients on events.client_id = clients.client_id

)

select * from final

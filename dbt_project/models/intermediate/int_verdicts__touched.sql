{{ config(materialized='table') }}

{{ after('int_events__touched', 'int_events__accepted', 'int_students__touched',
    'stg_caliper__rejections') }}
-- The events whose partner reads something new of them: judged anew, in a redone session, or
-- refused since the last build. In a full build none is named.
{% if is_small_build() %}

with final as (

    select day, journal_seq, event_index, client_id, cast(received_at as date) as received_on
    from {{ ref('int_events__touched') }}
    union
    select
        accepted.day,
        accepted.journal_seq,
        accepted.event_index,
        accepted.client_id,
        cast(accepted.received_at as date)
    from {{ ref('int_events__accepted') }} as accepted
    where {{ in_window('accepted.student_id', 'accepted.occurred_at') }}
    union
    select null, journal_seq, event_index, client_id, cast(received_at as date)
    from {{ ref('stg_caliper__rejections') }}
    where load_id > {{ marked_load_id() }}

)

{% else %}

with final as (

    select day, journal_seq, event_index, client_id, cast(received_at as date) as received_on
    from {{ ref('int_events__touched') }}
    where false

)

{% endif %}

select * from final

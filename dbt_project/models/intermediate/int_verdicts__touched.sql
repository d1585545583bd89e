{{ config(materialized='table') }}

{{ after('int_events__touched', 'int_events__verdicts', 'int_sessions__mapped',
    'int_students__touched', 'stg_caliper__rejections') }}
-- The events whose partner reads something new of them: judged anew, in another session than
-- before, or refused since the last build. In a full build none is named.
{% if is_small_build() %}

with final as (

    select day, journal_seq, event_index, client_id, cast(received_at as date) as received_on
    from {{ ref('int_events__touched') }}
    union
    select
        verdicts.day,
        verdicts.journal_seq,
        verdicts.event_index,
        verdicts.client_id,
        cast(verdicts.received_at as date)
    from {{ ref('int_events__verdicts') }} as verdicts
    semi join {{ delta('int_sessions__mapped') }} using (day, journal_seq, event_index)
    where {{ not_before('int_students__touched', 'from_day', 'verdicts.day') }}
    union
    select null, journal_seq, event_index, client_id, cast(received_at as date)
    from {{ ref('stg_caliper__rejections') }}

)

{% else %}

with final as (

    select day, journal_seq, event_index, client_id, cast(received_at as date) as received_on
    from {{ ref('int_events__touched') }}
    where false

)

{% endif %}

select * from final

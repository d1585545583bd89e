-- Conservation: raw events and rejections are the verdicts, no more and no fewer.
{{ after('int_events__arrived') }}
with arrived as (

    select journal_seq, event_index
    from {{ ref('int_events__arrived') if is_small_build() else ref('stg_caliper__events') }}
    union
    select journal_seq, event_index from {{ ref('stg_caliper__rejections') }}
    union
    select journal_seq, event_index from {{ ref('int_verdicts__touched') }}

),

judged as (

    select verdicts.journal_seq, verdicts.event_index
    from {{ ref('fct_event_verdicts') }} as verdicts
    where {{ is_touched(verdicts('verdicts.received_at')) }}

),

final as (

    select 'without verdict' as finding, * from (from arrived except all from judged)
    union all
    select 'verdict without event' as finding, * from (from judged except all from arrived)

)

select * from final

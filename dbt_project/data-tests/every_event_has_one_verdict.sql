-- Conservation: raw events and rejections are the verdicts, no more and no fewer.
with arrived as (

    select journal_seq, event_index from {{ ref('stg_caliper__events') }}
    union all
    select journal_seq, event_index from {{ ref('stg_caliper__rejections') }}

),

judged as (

    select journal_seq, event_index from {{ ref('fct_event_verdicts') }}

),

final as (

    select 'without verdict' as finding, * from (from arrived except all from judged)
    union all
    select 'verdict without event' as finding, * from (from judged except all from arrived)

)

select * from final

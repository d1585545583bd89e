with verdicts as (

    select * from {{ ref('int_events__verdicts') }}

),

final as (

    select
        * exclude (verdict, reason, receipt_id, winner_event_journal_seq)
    from verdicts
    where verdict = 'accepted'

)

select * from final

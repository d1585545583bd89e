-- Events of one client with the same id: the first to arrive counts. A later one is a duplicate
-- if it says the same, else a conflict.
with events as (

    select journal_seq, event_index, client_id, event_id, event_hash, canonical_hash
    from {{ ref('int_events__touched') }}

),

sent_again as (

    select event_hash from events
    group by event_hash
    having count(*) > 1

),

ranked as (

    select
        *,
        first_value(journal_seq) over arrival as winner_event_journal_seq,
        first_value(event_index) over arrival as winner_event_index,
        first_value(canonical_hash) over arrival as winner_hash
    from events
    semi join sent_again using (event_hash)
    window arrival as (partition by client_id, event_id order by journal_seq, event_index)

),

final as (

    select
        journal_seq,
        event_index,
        if(canonical_hash = winner_hash, 'duplicate', 'conflict') as repetition,
        winner_event_journal_seq
    from ranked
    where (journal_seq, event_index) <> (winner_event_journal_seq, winner_event_index)

)

select * from final

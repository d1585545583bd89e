-- Events of one client with the same id: the first to arrive counts. A later one is a duplicate
-- if it says the same, else a conflict.
with events as (

    select journal_seq, event_index, client_id, event_id, canonical_hash
    from {{ ref('int_events__touched') }}

),

ranked as (

    select
        *,
        first_value(journal_seq) over arrival as winner_event_journal_seq,
        first_value(event_index) over arrival as winner_event_index,
        first_value(canonical_hash) over arrival as winner_hash
    from events
    window arrival as (partition by client_id, event_id order by journal_seq, event_index)

),

final as (

    select
        journal_seq,
        event_index,
        case
            when
                (journal_seq, event_index) = (winner_event_journal_seq, winner_event_index)
                then null
            when canonical_hash = winner_hash then 'duplicate'
            else 'conflict'
        end as repetition,
        case when repetition is not null then winner_event_journal_seq end
            as winner_event_journal_seq
    from ranked

)

select * from final

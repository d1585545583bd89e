-- A student is known to every client, but for one that a testing client made: to that client only.
with keys as (

    select
        journal_seq,
        event_index,
        client_id,
        occurred_at,
        unnest(student_keys) as student_key,
        generate_subscripts(student_keys, 1) as key_position
    from {{ ref('int_events__touched') }}

),

students as (

    select * from {{ ref('dim_students') }}

),

matched as (

    select
        keys.journal_seq,
        keys.event_index,
        keys.occurred_at,
        students.student_id,
        students.owner_client_id
    from keys
    inner join students
        on keys.student_key = students.student_id
        and (not students.is_sandbox or keys.client_id = students.owner_client_id)
    qualify row_number() over (
        partition by keys.journal_seq, keys.event_index order by keys.key_position
    ) = 1

),

final as (

    select
        matched.journal_seq,
        matched.event_index,
        matched.student_id,
        dated.school_id,
        dated.timezone,
        dated.is_timezone_fallback,
        {{ local_date('matched.occurred_at', 'dated.timezone') }} as local_on
    from matched
    inner join {{ ref('int_students__dated') }} as dated
        on matched.student_id = dated.student_id
        and matched.occurred_at >= dated.valid_from_at
        and matched.occurred_at < dated.valid_to_at

)

select * from final

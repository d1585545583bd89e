{{ config(materialized='table') }}

-- All that students did in the lessons that a build redoes. Named by few columns first: of the wide
-- rows only their own days are read.
with redone as (

    select day, journal_seq, event_index
    from {{ ref('int_events__verdicts') }} as verdicts
    where
        verdicts.verdict = 'accepted'
        and verdicts.lesson_id is not null
        and {{ in_lessons('verdicts.student_id', 'verdicts.lesson_id', 'verdicts.day') }}

),

final as (

    select
        verdicts.* exclude (
            verdict, reason, receipt_id, winner_event_journal_seq, load_id, event_hash,
            attempt_hash, object_hash
        )
    from {{ ref('int_events__verdicts') }} as verdicts
    {% if is_small_build() %}
        semi join redone using (day, journal_seq, event_index)
        where {{ not_before('int_lessons__touched', 'first_on', 'verdicts.day') }}
    {% else %}
        where verdicts.verdict = 'accepted'
    {% endif %}

)

select * from final

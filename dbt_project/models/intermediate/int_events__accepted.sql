{{ config(materialized='table') }}

-- All that figures are made of, as far as a build needs it: whole days of the windows, and all that
-- a student did in a touched lesson. Named by few columns first: of the wide rows only their own
-- days are read.
with redone as (

    select day, journal_seq, event_index
    from {{ ref('int_events__verdicts') }} as verdicts
    where
        verdicts.verdict = 'accepted'
        and {{ in_window_days('verdicts.student_id', 'verdicts.local_on') }}
    union
    select day, journal_seq, event_index
    from {{ ref('int_events__verdicts') }} as verdicts
    where
        verdicts.verdict = 'accepted'
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
    {% else %}
        where verdicts.verdict = 'accepted'
    {% endif %}

)

select * from final

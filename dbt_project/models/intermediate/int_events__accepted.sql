{{ config(materialized='table', meta={'full_kind': 'view'}) }}

-- All that students did in the lessons that a build redoes. Found by their keys; of the wide rows
-- only their own are read.
with final as (

    select
        verdicts.* exclude (
            verdict, reason, receipt_id, winner_event_journal_seq, load_id, event_hash,
            attempt_hash, object_hash
        )
    from {{ ref('int_events__verdicts') }} as verdicts
    {% if is_small_build() %}
        where verdicts.rowid in (
            select rowid from {{ ref('int_events__verdicts') }} as verdicts
            where
                verdicts.verdict = 'accepted'
                and {{ in_lessons('verdicts.student_id', 'verdicts.lesson_id', 'verdicts.day') }}
        )
    {% else %}
        {{ after('int_lessons__touched') }}
        where verdicts.verdict = 'accepted'
    {% endif %}

)

select * from final

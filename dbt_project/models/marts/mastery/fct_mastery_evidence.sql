{{ config(
    materialized='incremental',
    meta={'units': [lessons('evidence_on')]},
    partitioned_by=['year(evidence_on)', 'month(evidence_on)'],
    sorted_by=['student_id', 'lesson_id'],
) }}

with attempts as (

    select * from {{ ref('int_mastery__attempts') }}

),

final as (

    select
        student_id,
        client_id,
        lesson_id,
        attempt_key,
        assessed_ref,
        item_count::bigint as item_count,
        correct_count::bigint as correct_count,
        score_ratio,
        is_unfinished,
        is_mastering,
        first_evidence_at,
        evidence_at,
        evidence_on
    from attempts
    order by student_id, lesson_id, evidence_at, attempt_key, assessed_ref

)

select * from final

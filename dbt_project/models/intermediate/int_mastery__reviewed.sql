{{ config(meta={'full_kind': 'table'}) }}

-- Ruling l: an attempt that began after the first mastery calls for review once it was handed in or
-- has enough scored items. Review ends when mastery's rule holds on evidence after it.
with mastered as (

    select * from {{ ref('int_mastery__first') }}
    where {{ in_lessons('student_id', 'lesson_id') }}

),

attempts as (

    select * from {{ ref('int_mastery__attempts') }}

),

failed as (

    select
        attempts.student_id,
        attempts.lesson_id,
        max(attempts.evidence_at) as failed_at
    from attempts
    inner join mastered
        on attempts.student_id = mastered.student_id and attempts.lesson_id = mastered.lesson_id
    where
        attempts.began_at > mastered.first_mastered_at
        and attempts.score_ratio < {{ var('review_ratio') }}
        and (
            attempts.is_submitted
            or attempts.scored_item_count >= {{ var('mastered_item_count') }}
        )
    group by all

),

later_items as (

    select
        responses.student_id,
        responses.lesson_id,
        {{ mastered_by_items('responses') }} as is_mastering
    from {{ ref('fct_item_responses') }} as responses
    inner join failed
        on responses.student_id = failed.student_id and responses.lesson_id = failed.lesson_id
    where
        responses.is_scored
        and responses.answered_at > failed.failed_at
        and {{ in_lessons(
            'responses.student_id', 'responses.lesson_id', 'responses.answered_on'
        ) }}

),

mastered_again as (

    select student_id, lesson_id from later_items
    where is_mastering
    union
    select attempts.student_id, attempts.lesson_id from attempts
    inner join failed
        on attempts.student_id = failed.student_id and attempts.lesson_id = failed.lesson_id
    where attempts.is_mastering and attempts.evidence_at > failed.failed_at

),

final as (

    select failed.student_id, failed.lesson_id, failed.failed_at from failed
    anti join mastered_again
        on
            failed.student_id = mastered_again.student_id
            and failed.lesson_id = mastered_again.lesson_id

)

select * from final

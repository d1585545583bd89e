-- A lesson's attempts, items and right answers are those of its evidence.
with evidence as (

    select
        student_id,
        lesson_id,
        count(*) as attempt_count,
        sum(item_count) as item_count,
        sum(correct_count) as correct_count
    from {{ ref('fct_mastery_evidence') }}
    where {{ in_lessons('student_id', 'lesson_id', 'evidence_on') }}
    group by all

)

select
    mastery.student_id,
    mastery.lesson_id
from {{ ref('fct_lesson_mastery') }} as mastery
left join evidence using (student_id, lesson_id)
where
    {{ in_lessons('mastery.student_id', 'mastery.lesson_id') }}
    and (mastery.attempt_count <> coalesce(evidence.attempt_count, 0)
    or mastery.item_count <> coalesce(evidence.item_count, 0)
    or mastery.correct_count <> coalesce(evidence.correct_count, 0))

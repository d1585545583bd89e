-- A lesson that is or was mastered has the date of the first time, and no other lesson has one.
select student_id, lesson_id from {{ ref('fct_lesson_mastery') }}
where
    (mastery_state in ('mastered', 'needs_review')) <> (first_mastered_on is not null)
    and {{ in_lessons('student_id', 'lesson_id') }}

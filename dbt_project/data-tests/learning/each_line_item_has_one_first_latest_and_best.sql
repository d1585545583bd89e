-- Rule G3: of a student's attempts at a line item, each policy picks one.
select student_id, line_item_id
from {{ ref('fct_assessment_results') }}
where {{ in_lessons('student_id', 'lesson_id', 'scored_on') }}
group by student_id, line_item_id
having
    count(*) filter (where is_first) <> 1
    or count(*) filter (where is_latest) <> 1
    or count(*) filter (where is_best) <> 1
    or max(attempt_number) <> count(*)

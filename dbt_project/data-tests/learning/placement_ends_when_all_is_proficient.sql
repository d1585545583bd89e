-- There is a next lesson as long as one is not proficient; a gap, if any, comes first.
select student_id, course_id from {{ ref('fct_course_placement') }}
where
    {{ is_touched(courses('student_id', 'course_id')) }}
    and ((next_lesson_id is null) <> (proficient_count = lesson_count)
    or mastered_count > proficient_count
    or (len(gap_lesson_ids) > 0 and gap_lesson_ids[1] <> next_lesson_id))

"""One student's learning: lesson ladder, placement, questions answered wrong."""

from datetime import date
from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]
MISSED_SHOWN = 25

LADDER = """
select
    mastery.course_id,
    coalesce(dim_courses.course_title, mastery.course_id) as course_title,
    mastery.subject, mastery.lesson_id,
    coalesce(dim_lessons.lesson_title, mastery.lesson_id) as lesson_title,
    dim_lessons.unit_title,
    coalesce(dim_lessons.lesson_position, 0) as lesson_position,
    mastery.mastery_state, mastery.best_score_ratio,
    coalesce(mastery.item_count, 0) as item_count,
    coalesce(mastery.correct_count, 0) as correct_count,
    coalesce(mastery.attempt_count, 0) as attempt_count,
    coalesce(mastery.is_struggling, false) as is_struggling, mastery.first_mastered_on
from fct_lesson_mastery as mastery
left join dim_courses on dim_courses.course_id = mastery.course_id
left join dim_lessons on dim_lessons.lesson_id = mastery.lesson_id
where mastery.student_id = $student and (mastery.subject = $subject or $subject is null)
order by course_title, mastery.course_id, lesson_position, mastery.lesson_id
"""

PLACEMENT = """
with titles as (

    select lesson_id, lesson_title from dim_lessons

),

placement as (

    select * from fct_course_placement where student_id = $student

)

select
    placement.course_id,
    coalesce(dim_courses.course_title, placement.course_id) as course_title,
    placement.lesson_count, placement.mastered_count, placement.proficient_count,
    next_lesson.lesson_title as next_lesson,
    coalesce(
        (select list(lesson_title order by lesson_title) from titles
        where list_contains(placement.gap_lesson_ids, lesson_id)), []
    ) as gap_lessons,
    coalesce(
        (select list(lesson_title order by lesson_title) from titles
        where list_contains(placement.ahead_lesson_ids, lesson_id)), []
    ) as ahead_lessons
from placement
left join dim_courses on dim_courses.course_id = placement.course_id
left join titles as next_lesson on next_lesson.lesson_id = placement.next_lesson_id
where dim_courses.subject = $subject or $subject is null
order by course_title, placement.course_id
"""

MISSED = """
with answers as (

    select
        client_id, item_ref, item_title, lesson_id, subject, answered_at, is_correct,
        source_event_id
    from fct_item_responses
    where
        student_id = $student and is_scored and item_ref is not null
        and answered_on > cast($day as date) - cast($count as integer)
        and answered_on <= cast($day as date)
        and (subject = $subject or $subject is null)

),

items as (

    select
        client_id, item_ref, lesson_id, any_value(subject) as subject,
        arg_max(item_title, (answered_at, source_event_id))
            filter (where item_title is not null) as item_title,
        count(*) as answer_count,
        count(*) filter (not is_correct) as wrong_count,
        max(answered_at) as last_answered_at,
        arg_max(is_correct, (answered_at, source_event_id)) as is_last_correct,
        arg_max(source_event_id, (answered_at, source_event_id)) as last_event_id
    from answers
    group by client_id, item_ref, lesson_id

)

select
    items.item_ref, items.item_title, items.subject,
    coalesce(dim_lessons.lesson_title, items.lesson_id) as lesson_title,
    items.answer_count, items.wrong_count, items.last_answered_at, items.is_last_correct,
    items.last_event_id
from items
left join dim_lessons on dim_lessons.lesson_id = items.lesson_id
where items.wrong_count > 0
order by items.is_last_correct, items.wrong_count desc, items.last_answered_at desc, items.item_ref
limit cast($most as integer)
"""


def ladder(lake: PublishedLake, student: str, subject: str | None) -> Rows:
    """The student's lessons in the order of their courses, of one subject or of all."""
    return lake.rows(LADDER, {"student": student, "subject": subject})


def placement(lake: PublishedLake, student: str, subject: str | None) -> Rows:
    """Where the student stands in each course, of one subject or of all."""
    return lake.rows(PLACEMENT, {"student": student, "subject": subject})


def missed(lake: PublishedLake, student: str, day: date, count: int, subject: str | None) -> Rows:
    """Questions with a wrong answer in the `count` days up to `day`; those still wrong first."""
    return lake.rows(
        MISSED,
        {"student": student, "day": day, "count": count, "subject": subject, "most": MISSED_SHOWN},
    )

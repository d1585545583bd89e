"""How far a partner's students get with each lesson, and where they stop."""

from typing import Any

from core.access import Sight
from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

# Who mastered a lesson and needs to review it now has mastered it. A student stops at the furthest
# lesson of the course that they began, as long as it is not proficient.
LESSONS = """
with lessons as (

    select
        dim_lessons.lesson_id, lesson_title, lesson_position, unit_id, unit_title,
        dim_lessons.course_id, course_title, dim_courses.subject
    from dim_lessons
    join dim_courses on dim_courses.course_id = dim_lessons.course_id
    where
        dim_lessons.client_id = $viewer_client_id and dim_lessons.is_active
        and (dim_lessons.course_id = $course or $course is null)

),

worked as (

    select
        fct_lesson_mastery.*,
        first_mastered_on is not null as is_mastered,
        first_mastered_on is not null or mastery_state = 'proficient' as is_proficient,
        row_number() over (
            partition by fct_lesson_mastery.student_id, lessons.course_id
            order by lesson_position desc, lessons.lesson_id desc
        ) = 1 as is_furthest
    from fct_lesson_mastery
    join lessons on lessons.lesson_id = fct_lesson_mastery.lesson_id
    where mastery_state <> 'not_started' and {sight}

),

reached as (

    select
        lesson_id,
        count(*) as started_count,
        count(*) filter (item_count > 0 or is_proficient) as practicing_count,
        count(*) filter (is_proficient) as proficient_count,
        count(*) filter (is_mastered) as mastered_count,
        count(*) filter (mastery_state = 'needs_review') as review_count,
        count(*) filter (is_struggling) as struggling_count,
        count(*) filter (is_furthest and not is_proficient) as stopped_count,
        median(active_seconds) filter (is_mastered) as median_mastery_seconds,
        median(attempt_count) filter (is_mastered) as median_mastery_attempts,
        sum(correct_count) as correct_questions,
        sum(item_count) as scored_questions
    from worked
    group by lesson_id

),

hardest as (

    select lesson_id, item_ref, item_title, difficulty
    from dim_items
    where client_id = $viewer_client_id and response_count >= $least_responses
    qualify row_number() over (
        partition by lesson_id order by difficulty, response_count desc, item_ref
    ) = 1

)

select
    lessons.*,
    coalesce(started_count, 0) as started_count,
    coalesce(practicing_count, 0) as practicing_count,
    coalesce(proficient_count, 0) as proficient_count,
    coalesce(mastered_count, 0) as mastered_count,
    coalesce(review_count, 0) as review_count,
    coalesce(struggling_count, 0) as struggling_count,
    coalesce(stopped_count, 0) as stopped_count,
    median_mastery_seconds,
    median_mastery_attempts,
    if(scored_questions > 0, correct_questions / scored_questions, null) as accuracy_ratio,
    hardest.item_ref as hardest_item_ref,
    hardest.item_title as hardest_item_title,
    hardest.difficulty as hardest_item_ratio
from lessons
left join reached using (lesson_id)
left join hardest using (lesson_id)
order by course_title, course_id, lesson_position, lesson_id
"""
LEAST_RESPONSES = 5  # fewer say little of an item


def lessons(lake: PublishedLake, sight: Sight, course_id: str | None) -> Rows:
    """Each published lesson, in the order of course and lesson."""
    seen = sight.facts("fct_lesson_mastery")
    parameters = {**seen.parameters, "course": course_id, "least_responses": LEAST_RESPONSES}
    return lake.rows(LESSONS.format(sight=seen.sql), parameters)

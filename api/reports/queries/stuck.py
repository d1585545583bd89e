"""Lessons that hold students up, with their last answers and the hardest questions."""

from datetime import datetime, timedelta
from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]

TRIES_WITHOUT_PROGRESS = 3  # attempts with an answer or a score, and the lesson not proficient
ANSWERS_SHOWN = 10  # as many as the rule of struggling looks at
ITEMS_SHOWN = 3  # hardest questions of a lesson
LEAST_RESPONSES = 5  # fewer say more about a student than about a question

STUCK = """
select
    mastery.student_id, mastery.client_id, mastery.course_id, mastery.lesson_id, mastery.subject,
    coalesce(dim_courses.course_title, mastery.course_id) as course_title,
    coalesce(dim_lessons.lesson_title, mastery.lesson_id) as lesson_title,
    dim_lessons.unit_title,
    case
        when mastery.is_struggling then 'struggling'
        when mastery.mastery_state = 'needs_review' then 'needs_review'
        else 'no_progress'
    end as stuck_reason,
    mastery.mastery_state, mastery.attempt_count, mastery.item_count, mastery.last_ten_ratio,
    mastery.active_seconds, mastery.last_activity_at
from fct_lesson_mastery as mastery
inner join dim_lessons on dim_lessons.lesson_id = mastery.lesson_id and dim_lessons.is_active
left join dim_courses on dim_courses.course_id = mastery.course_id
where
    mastery.student_id in (select unnest(cast($students as varchar[])))
    and mastery.last_activity_at >= cast($since as timestamptz)
    and (
        mastery.is_struggling
        or mastery.mastery_state = 'needs_review'
        or (
            mastery.mastery_state in ('started', 'practicing')
            and mastery.attempt_count >= cast($tries as bigint)
        )
    )
order by mastery.lesson_id, mastery.student_id
"""

ANSWERS = """
with pairs as (

    select
        unnest(cast($students as varchar[])) as student_id,
        unnest(cast($lessons as varchar[])) as lesson_id

)

select
    responses.student_id, responses.lesson_id,
    list_reverse(
        list(responses.is_correct order by responses.answered_at desc, responses.response_id desc)
        [:cast($count as integer)]
    ) as answers
from fct_item_responses as responses
inner join pairs
    on pairs.student_id = responses.student_id and pairs.lesson_id = responses.lesson_id
where responses.is_scored and responses.answered_on >= cast($since as date)
group by responses.student_id, responses.lesson_id
"""

ITEMS = """
select lesson_id, item_ref, item_title, response_count, difficulty as correct_ratio, discrimination
from dim_items
where
    lesson_id in (select unnest(cast($lessons as varchar[])))
    and client_id in (select unnest(cast($clients as varchar[])))
    and response_count >= cast($least as bigint)
    and difficulty is not null
qualify row_number() over (partition by lesson_id order by difficulty, item_ref)
    <= cast($count as bigint)
order by lesson_id, difficulty, item_ref
"""


def stuck(lake: PublishedLake, students: list[str], since: datetime) -> Rows:
    """Lessons with activity after `since` on which one of `students` does not get on."""
    return lake.rows(
        STUCK,
        {
            "students": students,
            "since": since,
            "tries": TRIES_WITHOUT_PROGRESS,
        },
    )


def answers(lake: PublishedLake, rows: Rows, since: datetime) -> dict[tuple[str, str], list[bool]]:
    """The last scored answers since then of each student and lesson of `rows`, oldest first."""
    found = lake.rows(
        ANSWERS,
        {
            "students": [row["student_id"] for row in rows],
            "lessons": [row["lesson_id"] for row in rows],
            "since": (since - timedelta(days=1)).date(),  # a local day may begin before UTC's
            "count": ANSWERS_SHOWN,
        },
    )
    return {(row["student_id"], row["lesson_id"]): row["answers"] for row in found}


def hardest_items(lake: PublishedLake, rows: Rows) -> Rows:
    """The questions of these lessons that the fewest get right, of all who answered them."""
    return lake.rows(
        ITEMS,
        {
            "lessons": sorted({row["lesson_id"] for row in rows}),
            "clients": sorted({row["client_id"] for row in rows}),
            "least": LEAST_RESPONSES,
            "count": ITEMS_SHOWN,
        },
    )

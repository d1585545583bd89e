"""Statistics of questions, read from `dim_items`: how hard each is, and how well it tells apart."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from api.evidence import STATISTICS_ANSWERS, DataStatus, data_status
from api.formats import ListAnswer, Listing, WireModel, read_listing
from api.gradebook.questions import equal
from api.paging import Page
from api.reading import Reading
from api.rules import read_rules
from core.access import Condition, all_of
from core.errors import ForbiddenError

ITEMS = """
    select
        item.item_ref as item_id, item.item_title, item.course_id, item.lesson_id,
        item.response_count, item.difficulty, item.discrimination, count(*) over () as list_total
    from {items} as item
    where {where}
    order by item.course_id, item.lesson_id, item.item_ref, item.client_id
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from {items} as item where {where}"

ALL_ANSWERS = "marts.dim_items"
# A partner's: of the answers of students that it knows, by the rule of `dim_items`.
SEEN_ANSWERS = "(select * from marts.fct_item_responses as response where {seen})"
NO_SANDBOX = Condition(
    "item.course_id not in (select course_id from marts.dim_courses where is_sandbox)"
)
ANSWERED = """
    exists (
        select 1 from marts.fct_item_responses as response
        where
            response.item_ref = item.item_ref and response.client_id = item.client_id
            and response.lesson_id = item.lesson_id and {sight}
    )
"""

READERS = {"guide", "admin", "partner"}


class ItemStatistics(WireModel):
    """One question over all its answers, of every student who answered it."""

    item_id: str = Field(
        description="The question, as the app names it.", examples=["https://app.example/items/q1"]
    )
    item_title: str | None = Field(
        description="What the app calls the question (`name` of the AssessmentItem), if anything.",
        examples=["Which fraction is larger?"],
    )
    course_id: str
    lesson_id: str
    response_count: int = Field(description="Answers, scored or not.", examples=[180])
    difficulty: float | None = Field(
        description="Share of right answers among the scored ones, 0 to 1: the higher, the easier.",
        examples=[0.72],
    )
    difficulty_status: DataStatus
    discrimination: float | None = Field(
        description="-1 to 1: how far a right answer goes with right answers to the other"
        " questions of the attempt (point-biserial correlation); null where either never varies.",
        examples=[0.41],
    )
    discrimination_status: DataStatus

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The question of one row of `items`."""

        def status(figure: float | None) -> DataStatus:
            count = 0 if figure is None else row["response_count"]
            return data_status(count, STATISTICS_ANSWERS)

        return cls(
            difficulty_status=status(row["difficulty"]),
            discrimination_status=status(row["discrimination"]),
            **row,
        )


class Items(ListAnswer):
    """Questions with their statistics, by course, lesson and id."""

    items: list[ItemStatistics] = Field(description="The questions of this page.")


def statistics_of(answers: str) -> str:
    """Items as `dim_items` has them, from some of the answers."""
    rules = read_rules()
    figures = rules.sql("item_figures", f"({rules.sql('item_sums', answers)})")
    titles = rules.sql("item_titles", answers)
    return (
        f"(select figures.*, titles.item_title from ({figures}) as figures left join ({titles})"
        " as titles using (item_ref, client_id, course_id, lesson_id))"
    )


def items(reading: Reading, course_id: str | None, lesson_id: str | None, page: Page) -> Listing:
    """One page of questions: a partner's own, as the students whom it knows answered them.

    To staff those that a student of theirs answered, over all answers.

    403 to students and families: a question's figures are about all who answered it.
    """
    viewer, sight = reading.viewer, reading.sight
    if not (viewer.sees_everything or viewer.is_partner or viewer.roles & READERS):
        raise ForbiddenError(
            "Statistics of questions are for guides, admins and partners.", code="role_required"
        )
    items, seen = ALL_ANSWERS, sight.facts("response")
    if sight.is_partner:
        answers = SEEN_ANSWERS.format(seen=seen.sql)
        items = statistics_of(answers)
        shown = Condition("true", seen.parameters)
    elif sight.student_ids is not None:
        shown = Condition(ANSWERED.format(sight=seen.sql), seen.parameters)
    else:
        shown = NO_SANDBOX
    where = all_of(
        shown,
        equal("item.course_id", "course_id", course_id),
        equal("item.lesson_id", "lesson_id", lesson_id),
    )
    return read_listing(
        reading.lake,
        ITEMS.format(items=items, where=where.sql),
        COUNT.format(items=items, where=where.sql),
        where.parameters,
        page,
    )

"""Results and line items, read from `fct_assessment_results` and `dim_line_items`."""

from dataclasses import dataclass

from api.formats import Listing
from api.gradebook.filters import Field, Time
from api.paging import Page
from api.reading import Reading
from core.access import Condition, all_of

UTC_TEXT = "strftime({} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')"

SCORED = Time(at="result.scored_at", on="result.scored_on")
FIRST_SCORED = Time(at="item.first_scored_at", on="item.first_scored_on")
LAST_SCORED = Time(at="item.last_scored_at", on="item.last_scored_on")

RESULT_FIELDS = {
    "sourcedId": Field("result.result_id"),
    "status": Field("'active'"),
    "dateLastModified": Field(UTC_TEXT.format("result.scored_at"), SCORED),
    "lineItem.sourcedId": Field("result.line_item_id"),
    "assessmentLineItem.sourcedId": Field("result.line_item_id"),
    "student.sourcedId": Field("result.student_id"),
    "class.sourcedId": Field("result.class_id"),
    "score": Field("result.score_given", "number"),
    "scoreStatus": Field("result.score_status"),
    "scoreDate": Field("result.scored_on::varchar", SCORED),
    "inProgress": Field("result.is_in_progress::varchar"),
    "metadata.courseId": Field("result.course_id"),
    "metadata.lessonId": Field("result.lesson_id"),
    "metadata.applicationId": Field("result.app_id"),
    "metadata.scoreType": Field("result.score_type"),
    "metadata.scorePercent": Field("result.score_percent", "number"),
    "metadata.isXp": Field("result.is_xp::varchar"),
}

LINE_ITEM_FIELDS = {
    "sourcedId": Field("item.line_item_id"),
    "status": Field("'active'"),
    "dateLastModified": Field(UTC_TEXT.format("item.last_scored_at"), LAST_SCORED),
    "title": Field("item.title"),
    "assignDate": Field(UTC_TEXT.format("item.first_scored_at"), FIRST_SCORED),
    "dueDate": Field(UTC_TEXT.format("item.last_scored_at"), LAST_SCORED),
    "class.sourcedId": Field("item.class_id"),
    "course.sourcedId": Field("item.course_id"),
    "resultValueMax": Field("item.max_score", "number"),
    "metadata.courseId": Field("item.course_id"),
    "metadata.lessonId": Field("item.lesson_id"),
    "metadata.scoreType": Field("item.score_type"),
    "metadata.isXp": Field("item.is_xp::varchar"),
}

POLICIES = {
    "all": None,
    "first": Condition("result.is_first"),
    "latest": Condition("result.is_latest"),
    "best": Condition("result.is_best"),
    "course": Condition("result.is_policy"),
}

RESULTS = """
    select
        result.result_id, result.line_item_id, result.student_id, result.class_id,
        result.course_id, result.lesson_id, result.app_id, result.attempt_number,
        result.score_type, result.score_given, result.max_score, result.score_percent,
        result.score_status, result.is_in_progress, result.is_above_max, result.is_xp,
        result.scored_at, result.scored_on, result.item_count, result.correct_count,
        result.is_first, result.is_latest, result.is_best, result.source_event_id,
        result.comment
    from marts.fct_assessment_results as result
    where {where}
    order by {order}
    limit $limit offset $offset
"""

COUNT_RESULTS = "select count(*) as total from marts.fct_assessment_results as result where {where}"

LINE_ITEMS = """
    with results as (
        select result.*, item.assessed_ref
        from marts.fct_assessment_results as result
        join marts.dim_line_items as item using (line_item_id)
        where {results}
    ),

    seen as (
        select
            result.line_item_id, count(*) as result_count, min(result.scored_at) as first_scored_at,
            max(result.scored_at) as last_scored_at, min(result.scored_on) as first_scored_on,
            max(result.scored_on) as last_scored_on, min(result.class_id) as class_id,
            arg_max(result.max_score, (result.scored_at, result.result_id))
                filter (where not result.is_xp) as max_score
        from results as result
        group by result.line_item_id
    ),

    named as (
        select
            result.lesson_id, result.assessed_ref,
            arg_max(result.assessed_name, (result.scored_at, result.result_id)) as assessed_name
        from results as result
        group by all
    ),

    item as (
        select
            item.line_item_id, item.course_id, item.lesson_id, item.assessed_ref,
            coalesce({title}, lesson.lesson_title, item.assessed_ref, item.line_item_id) as title,
            item.score_type, {max_score} as max_score, item.is_xp, seen.class_id, class.school_id,
            seen.result_count, seen.first_scored_at, seen.last_scored_at, seen.first_scored_on,
            seen.last_scored_on
        from marts.dim_line_items as item
        join seen using (line_item_id)
        join named
            on named.lesson_id = item.lesson_id
            and named.assessed_ref is not distinct from item.assessed_ref
        left join marts.dim_lessons as lesson on lesson.lesson_id = item.lesson_id
        left join marts.dim_classes as class on class.class_id = seen.class_id
        where {items}
    )

    select {columns} from item where {where} {page}
"""


@dataclass(frozen=True)
class Choice:
    """Which rows of a collection, in which order; `where` names its row `result` or `item`."""

    where: Condition
    order: str
    by_id: bool = False


def results(reading: Reading, choice: Choice, page: Page) -> Listing:
    """One page of attempts whose students the viewer may read."""
    where = all_of(reading.sight.facts("result", by_id=choice.by_id), choice.where)
    sql = RESULTS.format(where=where.sql, order=choice.order)
    frame = reading.lake.frame(sql, where.parameters | page.parameters)
    total = reading.lake.rows(COUNT_RESULTS.format(where=where.sql), where.parameters)[0]["total"]
    return Listing(frame, page, total)


def line_items(reading: Reading, choice: Choice, page: Page) -> Listing:
    """One page of line items: those on which a student whom the viewer may read has a result.

    So a partner's own too: one that only a student not enrolled with it made, it does not see,
    and its title and largest score are those that the results it sees were sent with.
    """
    seen = reading.sight.facts("result", by_id=choice.by_id)
    items = reading.sight.own("item")
    parts = {
        "results": seen.sql,
        "items": items.sql,
        "where": choice.where.sql,
        "title": "named.assessed_name" if reading.sight.is_partner else "item.title",
        "max_score": "seen.max_score" if reading.sight.is_partner else "item.max_score",
    }
    parameters = seen.parameters | items.parameters | choice.where.parameters
    order = f"order by {choice.order} limit $limit offset $offset"
    frame = reading.lake.frame(
        LINE_ITEMS.format(columns="*", page=order, **parts), parameters | page.parameters
    )
    count = LINE_ITEMS.format(columns="count(*) as total", page="", **parts)
    return Listing(frame, page, reading.lake.rows(count, parameters)[0]["total"])

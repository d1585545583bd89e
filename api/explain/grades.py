"""A grade explained: the events of its attempt, its answers, and which of them set the score."""

from typing import Any

from api.explain.parts import Request, contribution, figures
from api.explain.queries import events, learning, ledger
from api.explain.schemas import Contribution, Explanation, Step
from api.explain.xp import entry
from api.gradebook.queries import Choice, results
from api.paging import Page
from core.access import Condition
from core.errors import NotFoundError

Row = dict[str, Any]

SHOWN = {
    "score": ("score_given", "points"),
    "scoreStatus": ("score_status", None),
    "scorePercent": ("score_percent", "percent"),
    "maxScore": ("max_score", "points"),
    "itemCount": ("item_count", "items"),
    "correctCount": ("correct_count", "items"),
}
RESULT_DETAILS = (
    "line_item_id",
    "course_id",
    "lesson_id",
    "app_id",
    "score_type",
    "attempt_number",
    "scored_at",
    "scored_on",
    "is_in_progress",
    "is_above_max",
    "is_first",
    "is_latest",
    "is_best",
)
RESPONSE_DETAILS = (
    "item_ref",
    "attempt_key",
    "answered_at",
    "is_scored",
    "is_correct",
    "score_given",
    "max_score",
)
GRADE_DETAILS = ("event_type", "action", "occurred_at", "score_type", "score_given")
GRADED = Condition("event.event_type in ('AssessmentEvent', 'AssessmentItemEvent', 'GradeEvent')")


def result(request: Request, result_id: str) -> Explanation:
    """One result of the gradebook; 404 if the viewer may read none such."""
    reading = request.reading
    by_id = Condition("result.result_id = $result_id", {"result_id": result_id})
    found = results(reading, Choice(by_id, "result.result_id", by_id=True), Page(1, 0)).frame
    if found.is_empty():
        raise NotFoundError(f"There is no result {result_id!r}.", code="unknown_result")
    shown = found.row(0, named=True)
    student_id = shown["student_id"]
    reading.note("explain.result", [student_id])
    attempt = learning.result(reading, student_id, result_id)
    sent = _events(request, shown, attempt)
    steps = (
        _award(request, student_id, sent)
        if shown["is_xp"]
        else _score(request, shown, attempt, sent)
    )
    of_result = contribution(
        "result", result_id, shown, RESULT_DETAILS, (row["event_id"] for row in sent)
    )
    return request.answer(
        "result",
        {"resultId": result_id, "studentId": student_id, "attemptKey": attempt["attempt_key"]},
        figures(
            "GET /gradebook/1.0/assessment-results/{id}",
            {name: unit for name, (_, unit) in SHOWN.items()},
            {name: shown[column] for name, (column, _) in SHOWN.items()},
        ),
        [request.step("The attempt's result", "fct_assessment_results", [of_result]), *steps],
        sent,
    )


def response(row: Row, amounts: dict[str, float]) -> Contribution:
    """An answer to a question."""
    return contribution(
        "item_response",
        row["response_id"],
        row,
        RESPONSE_DETAILS,
        [row["source_event_id"]],
        amounts,
    )


def _events(request: Request, shown: Row, attempt: Row) -> list[Row]:
    """The events of the attempt at what the result assesses."""
    reading, student_id, lesson_id = request.reading, shown["student_id"], shown["lesson_id"]
    lesson = Condition(
        "verdict.lesson_id = $lesson_id and event.client_id = $client_id",
        {"lesson_id": lesson_id, "client_id": attempt["client_id"]},
    )
    days = events.lesson_days(reading, student_id, lesson_id)
    return [
        row
        for row in events.sent(reading, student_id, days, GRADED, lesson)
        if is_of(row, attempt) and (row["score_type"] == "XP") == shown["is_xp"]
    ]


def is_of(row: Row, attempt: Row) -> bool:
    """Whether an event or an answer is of an attempt at what that assesses."""
    return all(row[name] == attempt[name] for name in ("attempt_key", "assessed_ref"))


def _award(request: Request, student_id: str, sent: list[Row]) -> list[Step]:
    """An XP result is the sum of what the attempt's awards left in the ledger."""
    entries = ledger.of_events(request.reading, student_id, [row["event_id"] for row in sent])
    rows = (entry(row, "score") for row in entries)
    return [request.step("What the attempt's awards left in the ledger", "fct_xp_ledger", rows)]


def _score(request: Request, shown: Row, attempt: Row, sent: list[Row]) -> list[Step]:
    """A score is what the last event that carried one said, else its items' sums."""
    source = [
        row
        for row in sent
        if row["event_id"] == shown["source_event_id"]
        and shown["score_given"] is not None
        and row["event_type"] != "AssessmentItemEvent"
        and not row["is_item_grade"]
        and (row["score_given"] is not None or row["correct_count"] is not None)
    ]
    answers = [
        row
        for row in learning.responses(request.reading, shown["student_id"], shown["lesson_id"])
        if is_of(row, attempt)
    ]
    grades = []
    for row in source:
        score = row["score_given"] if row["score_given"] is not None else row["correct_count"]
        amounts = {"score": score}
        if not answers:
            counts = (("itemCount", "item_count"), ("correctCount", "correct_count"))
            amounts |= {name: shown[column] for name, column in counts if shown[column] is not None}
        grades.append(contribution("grade", None, row, GRADE_DETAILS, [row["event_id"]], amounts))
    items = []
    for row in answers:
        amounts = {"itemCount": 1, "correctCount": float(row["is_correct"] or False)}
        if not source and shown["score_given"] is not None:
            amounts["score"] = row["score_given"]
        items.append(response(row, amounts))
    return [
        request.step("The last event that carried a score", "int_attempts__scored", grades),
        request.step("The attempt's answers", "fct_item_responses", items),
    ]

"""What grades and mastery states rest on: responses, line items, evidence."""

from typing import Any

from api.reading import Reading
from core.access import Condition

Row = dict[str, Any]

RESULT = """
    select
        result.result_id, result.student_id, result.client_id, result.lesson_id,
        result.attempt_key, item.assessed_ref
    from marts.fct_assessment_results as result
    left join marts.dim_line_items as item using (line_item_id)
    where result.result_id = $result_id and result.student_id = $student_id and {where}
"""

RESPONSES = """
    select
        response.response_id, response.client_id, response.item_ref, response.attempt_key,
        response.assessed_ref, response.answered_at, response.answered_on, response.is_scored,
        response.is_correct, response.score_given, response.max_score, response.session_id,
        response.source_event_id
    from marts.fct_item_responses as response
    where
        response.student_id = $student_id and response.lesson_id = $lesson_id and {where}
    order by response.answered_at, response.response_id
"""

MASTERY = """
    select
        mastery.mastery_state, mastery.item_count, mastery.correct_count, mastery.attempt_count,
        mastery.best_score_ratio, mastery.latest_score_ratio, mastery.last_ten_ratio,
        mastery.last_ten_count, mastery.is_struggling, mastery.first_mastered_at
    from marts.fct_lesson_mastery as mastery
    where mastery.student_id = $student_id and mastery.lesson_id = $lesson_id and {where}
"""

EVIDENCE = """
    select
        evidence.attempt_key, evidence.assessed_ref, evidence.item_count, evidence.correct_count,
        evidence.score_ratio, evidence.is_unfinished, evidence.is_mastering,
        evidence.first_evidence_at, evidence.evidence_at, evidence.evidence_on
    from marts.fct_mastery_evidence as evidence
    where evidence.student_id = $student_id and evidence.lesson_id = $lesson_id and {where}
    order by evidence.evidence_at, evidence.attempt_key, evidence.assessed_ref
"""


def result(reading: Reading, student_id: str, result_id: str) -> Row:
    """The attempt and the assessed object of a result that the viewer was shown."""
    own = reading.sight.own("result")
    parameters = {"result_id": result_id, "student_id": student_id}
    return reading.lake.rows(RESULT.format(where=own.sql), parameters | own.parameters)[0]


def responses(reading: Reading, student_id: str, lesson_id: str) -> list[Row]:
    """A student's answers in a lesson, oldest first."""
    return _of_lesson(reading, RESPONSES, student_id, lesson_id, reading.sight.own("response"))


def mastery(reading: Reading, student_id: str, lesson_id: str) -> Row | None:
    """A student's standing in a lesson; None if the viewer may read none such."""
    rows = _of_lesson(reading, MASTERY, student_id, lesson_id, reading.sight.own("mastery"))
    return rows[0] if rows else None


def evidence(reading: Reading, student_id: str, lesson_id: str) -> list[Row]:
    """The attempts that the standing rests on, oldest first."""
    return _of_lesson(reading, EVIDENCE, student_id, lesson_id, reading.sight.own("evidence"))


def _of_lesson(
    reading: Reading, sql: str, student_id: str, lesson_id: str, where: Condition
) -> list[Row]:
    parameters = {"student_id": student_id, "lesson_id": lesson_id}
    return reading.lake.rows(sql.format(where=where.sql), where.parameters | parameters)

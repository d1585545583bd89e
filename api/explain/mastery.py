"""A mastery state explained: its evidence, attempt by attempt, and the answers in each."""

from typing import Any

from api.explain.grades import is_of, response
from api.explain.parts import Request, contribution, figures
from api.explain.queries import events, learning
from api.explain.schemas import Explanation
from core.access import Condition
from core.errors import NotFoundError

Row = dict[str, Any]

SHOWN = {
    "state": ("mastery_state", None),
    "itemCount": ("item_count", "items"),
    "correctCount": ("correct_count", "items"),
    "attemptCount": ("attempt_count", "attempts"),
    "bestScoreRatio": ("best_score_ratio", "share of right answers, 0 to 1"),
    "latestScoreRatio": ("latest_score_ratio", "share of right answers, 0 to 1"),
    "lastTenRatio": ("last_ten_ratio", "share of right answers, 0 to 1"),
    "lastTenCount": ("last_ten_count", "items"),
    "isStruggling": ("is_struggling", None),
    "firstMasteredAt": ("first_mastered_at", None),
}
EVIDENCE_DETAILS = (
    "attempt_key",
    "assessed_ref",
    "score_ratio",
    "is_mastering",
    "is_unfinished",
    "first_evidence_at",
    "evidence_at",
    "evidence_on",
)
NO_AWARD = Condition("event.score_type is distinct from 'XP'")


def state(request: Request, student_id: str, lesson_id: str) -> Explanation:
    """A student's state in a lesson; 404 if the viewer may read none such."""
    reading = request.reading
    reading.student(student_id, "explain.mastery")
    shown = learning.mastery(reading, student_id, lesson_id)
    if shown is None:
        raise NotFoundError(f"There is no lesson {lesson_id!r}.", code="unknown_lesson")
    lesson = Condition("verdict.lesson_id = $lesson_id", {"lesson_id": lesson_id})
    days = events.lesson_days(reading, student_id, lesson_id)
    sent = events.sent(reading, student_id, days, lesson, NO_AWARD)
    attempts = (
        contribution(
            "attempt",
            row["attempt_key"],
            row,
            EVIDENCE_DETAILS,
            (event["event_id"] for event in sent if is_of(event, row)),
            {
                "itemCount": row["item_count"],
                "correctCount": row["correct_count"],
                "attemptCount": 1,
            },
        )
        for row in learning.evidence(reading, student_id, lesson_id)
    )
    answers = (
        response(row, {})
        for row in learning.responses(reading, student_id, lesson_id)
        if row["is_scored"]
    )
    standing = contribution("lesson", lesson_id, shown, (), (event["event_id"] for event in sent))
    return request.answer(
        "mastery",
        {"studentId": student_id, "lessonId": lesson_id},
        figures(
            "GET /mastery/1.0/users/{id}/lessons",
            {name: unit for name, (_, unit) in SHOWN.items()},
            {name: shown[column] for name, (column, _) in SHOWN.items()},
        ),
        [
            request.step("The standing in the lesson", "fct_lesson_mastery", [standing]),
            request.step("Its evidence, attempt by attempt", "fct_mastery_evidence", attempts),
            request.step("The scored answers", "fct_item_responses", answers),
        ],
        sent,
    )

"""Mastery on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.formats import ListAnswer, WireModel

State = Literal["not_started", "started", "practicing", "proficient", "mastered", "needs_review"]

EVIDENCE = (
    "item_count",
    "correct_count",
    "attempt_count",
    "best_score_ratio",
    "latest_score_ratio",
    "last_ten_ratio",
)


class Evidence(WireModel):
    """What the state rests on. Ratios are 0 to 1; null where nothing was scored."""

    item_count: int = Field(description="Scored items.")
    correct_count: int
    attempt_count: int
    best_score_ratio: float | None
    latest_score_ratio: float | None
    last_ten_ratio: float | None = Field(description="Share correct of the last ten items.")


class LessonMastery(WireModel):
    """One student's standing in one lesson."""

    student_id: str
    lesson_id: str
    lesson_title: str | None
    lesson_position: int | None = Field(description="Order of the lesson within its course.")
    course_id: str
    subject: str | None
    state: State
    is_struggling: bool
    evidence: Evidence
    p_known: float | None = Field(description="Estimate that the skill is known; gates nothing.")
    first_mastered_at: datetime | None
    first_mastered_on: date | None = Field(description="A day of the student's school.")
    last_activity_at: datetime | None
    active_seconds: float = Field(description="Time in the lesson; a partner's own sessions only.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The standing of one row of `queries`."""
        parts = {name: part for name, part in row.items() if name not in EVIDENCE}
        parts["state"] = parts.pop("mastery_state")
        return cls(evidence=Evidence(**{name: row[name] for name in EVIDENCE}), **parts)


class StudentLessons(ListAnswer):
    """A student's lessons."""

    lessons: list[LessonMastery]


class LessonStudents(ListAnswer):
    """A lesson's students."""

    students: list[LessonMastery]

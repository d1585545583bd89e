"""Mastery on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from api.evidence import MASTERY_ITEMS, DataStatus, data_status
from api.formats import ListAnswer, WireModel

State = Annotated[
    Literal["not_started", "started", "practicing", "proficient", "mastered", "needs_review"],
    Field(
        description="`proficient` from 80 %, `mastered` from 90 % on 5 items or more;"
        " `needs_review`: mastered once, below 70 % since.",
        examples=["mastered"],
    ),
]

EVIDENCE = (
    "item_count",
    "correct_count",
    "attempt_count",
    "best_score_ratio",
    "latest_score_ratio",
    "last_ten_ratio",
    "last_ten_count",
)


class Evidence(WireModel):
    """What the state rests on. Ratios are 0 to 1; null where nothing was scored."""

    evidence_status: DataStatus = Field(
        description="`no_data`: nothing is scored yet, so that the ratios are null;"
        " `not_enough_data`: on fewer than 5 items, too few for `mastered`; `ok`.",
    )
    item_count: int
    correct_count: int
    attempt_count: int = Field(description="Attempts with a score.", examples=[2])
    best_score_ratio: float | None = Field(description="The best attempt.", examples=[0.9])
    latest_score_ratio: float | None = Field(description="The latest attempt.", examples=[0.8])
    last_ten_ratio: float | None = Field(
        description="Share correct of the last ten items.", examples=[0.9]
    )
    last_ten_count: int = Field(
        description="Of how many items `lastTenRatio` is: ten at most.", examples=[10]
    )


class LessonMastery(WireModel):
    """One student's standing in one lesson."""

    student_id: str
    lesson_id: str
    lesson_title: str | None
    lesson_position: int | None = Field(
        description="Order of the lesson within its course.", examples=[3]
    )
    course_id: str
    subject: str | None
    state: State
    is_struggling: bool = Field(
        description="Wrong three times in a row, or below half of the last ten after 12 tries.",
        examples=[False],
    )
    evidence: Evidence = Field(description="What the state rests on.")
    p_known: float | None = Field(
        description="Estimate, 0 to 1, that the skill is known (Bayesian knowledge tracing); it"
        " gates nothing; null while nothing is scored.",
        examples=[0.97],
    )
    first_mastered_at: datetime | None = Field(
        description="When it was first mastered (UTC); kept for good; null until then."
    )
    first_mastered_on: date | None = Field(description="That day, at the student's school.")
    last_activity_at: datetime | None = Field(description="The last event in the lesson (UTC).")
    active_seconds: float = Field(
        description="Active time in the lesson; a partner's own apps' only, two at once once.",
        examples=[1500.0],
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The standing of one row of `queries`."""
        parts = {name: part for name, part in row.items() if name not in EVIDENCE}
        parts["state"] = parts.pop("mastery_state")
        status = data_status(row["item_count"], MASTERY_ITEMS)
        evidence = Evidence(evidence_status=status, **{name: row[name] for name in EVIDENCE})
        return cls(evidence=evidence, **parts)


class StudentLessons(ListAnswer):
    """A student's lessons."""

    lessons: list[LessonMastery] = Field(description="The lessons of this page, in order.")


class LessonStudents(ListAnswer):
    """A lesson's students."""

    students: list[LessonMastery] = Field(description="The students of this page, by id.")

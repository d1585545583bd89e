"""A student's standing on the wire: goals, flags, mastery, placement."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.evidence import EvidenceUnit
from api.formats import WireModel
from api.xp.schemas import GoalStatus


class Goal(WireModel):
    """XP wanted and earned in one day; `All` is the whole day."""

    subject: str = Field(description="A subject, or `All` for the whole day.", examples=["Math"])
    enrollment_id: str | None = Field(
        description="To a partner: its enrollment that carries the goal; else null."
    )
    goal_xp: float | None
    earned_xp: float = Field(
        description="Credited XP that the goal is weighed against.", examples=[48.0]
    )
    status: GoalStatus
    goal_source: Literal["enrollment", "student", "course", "school", "default"] | None
    is_in_term: bool = Field(
        description="False outside the school's terms: there is no goal, and no streak breaks.",
        examples=[True],
    )
    is_school_day: bool | None
    streak_days: int | None


class DailyGoal(WireModel):
    """The goals of the period's last day, by the school's calendar."""

    type: Literal["DAILY_GOAL"] = "DAILY_GOAL"
    date: date
    goals: list[Goal] = Field(description="The whole day first, then its subjects.")


class OffTrackFlag(WireModel):
    """One reason why a student is off track."""

    reason: Literal[
        "no_events", "goal_missed", "low_accuracy", "idle", "struggling_lesson", "xp_review"
    ] = Field(description="Which rule it breaks.", examples=["low_accuracy"])
    text: str = Field(
        description="The reason in words and numbers.",
        examples=["58% of 36 answers correct over 7 days; flagged below 70%."],
    )
    measured: float | None = Field(
        description="What was measured: days, entries, or a share from 0 to 1.", examples=[0.58]
    )
    threshold: float | None = Field(
        description="The limit that it crossed, in the same unit.", examples=[0.7]
    )
    evidence_count: int = Field(description="How much `measured` rests on.", examples=[36])
    evidence_unit: EvidenceUnit
    lesson_id: str | None = Field(description="The lesson, of a `struggling_lesson`.")
    flagged_on: date = Field(description="The day of the judgement, at the student's school.")


class OffTrack(WireModel):
    """Off-track flags as of the build; not part of a partner's answer: other apps move them."""

    type: Literal["OFF_TRACK"] = "OFF_TRACK"
    flags: list[OffTrackFlag] = Field(description="Empty: on track.")


class MasterySummary(WireModel):
    """Lessons by state."""

    type: Literal["MASTERY"] = "MASTERY"
    not_started: int = Field(0, description="Lessons not begun.", examples=[2])
    started: int = Field(0, description="Lessons viewed or begun, nothing scored.", examples=[2])
    practicing: int = Field(
        0, description="Lessons something scored, not yet proficient.", examples=[2]
    )
    proficient: int = Field(0, description="Lessons at 80 % or better.", examples=[2])
    mastered: int = Field(
        0, description="Lessons at 90 % or better on 5 items or more.", examples=[2]
    )
    needs_review: int = Field(
        0, description="Lessons mastered once, below 70 % since.", examples=[2]
    )
    struggling: int = Field(
        0,
        description="Lessons wrong three times in a row, or below half after many tries.",
        examples=[2],
    )


class CoursePlacement(WireModel):
    """Where to go on in one course."""

    course_id: str
    course_title: str | None
    subject: str | None
    lesson_count: int
    mastered_count: int
    proficient_count: int
    gap_lesson_ids: list[str] = Field(
        description="Skipped: before the furthest lesson, not proficient.",
        examples=[["lesson-main-idea"]],
    )
    next_lesson_id: str | None = Field(
        description="The first lesson, in order, that is not proficient; null when all are.",
        examples=["lesson-inference"],
    )
    ahead_lesson_ids: list[str] = Field(
        description="Mastered before or without practice.", examples=[["lesson-nouns"]]
    )


class Placements(WireModel):
    """What to assign next, course by course."""

    type: Literal["PLACEMENT"] = "PLACEMENT"
    courses: list[CoursePlacement] = Field(description="One for each course with activity.")

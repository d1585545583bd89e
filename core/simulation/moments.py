"""What happens in an app, before it is put into Caliper's words."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from core.simulation.catalog import App, Course, Lesson
from core.simulation.roster import Student

Kind = Literal[
    "logged_in",
    "logged_out",
    "timed_out",
    "viewed",
    "set_started",
    "set_completed",
    "item_started",
    "item_completed",
    "item_graded",
    "quiz_started",
    "quiz_submitted",
    "graded",
    "xp_earned",
]
Flaw = Literal["", "no_lesson", "text_score", "unknown_lesson", "changed_score"]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of one student in one app, as the app knows it."""

    session_id: str
    student: Student
    app: App
    course: Course
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a practice set or a quiz of a lesson."""

    lesson: Lesson
    number: int  # 1 is the first of this kind at this lesson
    is_quiz: bool
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened; `score` of `max_score`, `seconds` the time it took."""

    kind: Kind
    at: datetime
    sitting: Sitting
    lesson: Lesson
    attempt: Attempt | None = None
    item: int = 0
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    flaw: Flaw = ""

    def regraded(self, score: float, at: datetime) -> "Moment":
        """The same award, corrected later: another event about the same attempt."""
        return replace(self, score=score, at=at)

    def flawed(self, flaw: Flaw) -> "Moment":
        """The same moment, sent wrongly."""
        return replace(self, flaw=flaw)

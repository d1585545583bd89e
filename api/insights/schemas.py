"""Insights on the wire: a list of findings, told apart by `type`."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.formats import Answer, ListAnswer, WireModel

GoalStatus = Literal["met", "on_pace", "behind", "not_started", "no_school", "no_goal"]


class Session(WireModel):
    """One app's session. Seconds are 0 where `timeQuality` is `none`."""

    session_id: str
    session_ref: str | None = Field(description="The id that the app sent, if it sent one.")
    student_id: str
    app_id: str
    started_at: datetime
    ended_at: datetime | None
    started_on: date = Field(description="A day of the student's school.")
    end_reason: str = Field(examples=["logged_out", "inferred_idle", "open"])
    is_implicit: bool = Field(description="Activity without a login.")
    is_flagged: bool
    time_quality: Literal["measured", "bracketed", "inferred", "none"]
    event_count: int
    total_seconds: float
    active_seconds: float
    inactive_seconds: float


class Spent(WireModel):
    """Seconds and XP. Nobody measures waste, so it is 0."""

    total_seconds: float
    active_seconds: float
    inactive_seconds: float
    waste_seconds: float = 0.0
    waste_measured: bool = False
    total_xp_earned: float
    fact_count: int = Field(description="Events that these figures come from.")


class TimeSummary(Spent):
    """The period's seconds and XP."""

    type: Literal["TIME_SUMMARY"] = "TIME_SUMMARY"
    waste_percentage: float = 0.0


class SubjectSummary(Spent):
    """One subject's seconds, XP, questions and mastery."""

    subject: str
    total_questions: int
    correct_questions: int
    mastered_units: int


class Accuracy(WireModel):
    """Questions of the period; unscored ones count as answered, not toward the ratio."""

    type: Literal["ACCURACY"] = "ACCURACY"
    total_questions: int
    scored_questions: int
    correct_questions: int
    accuracy_ratio: float | None = Field(description="0 to 1; null while nothing is scored.")


class Goal(WireModel):
    """XP wanted and earned in one day; `All` is the whole day."""

    subject: str
    enrollment_id: str | None = Field(description="Set in a partner's view: its enrollment.")
    goal_xp: float | None
    earned_xp: float
    status: GoalStatus
    goal_source: str | None
    is_school_day: bool | None
    streak_days: int | None


class DailyGoal(WireModel):
    """The goals of the period's last day, by the school's calendar."""

    type: Literal["DAILY_GOAL"] = "DAILY_GOAL"
    date: date
    goals: list[Goal]


class Flag(WireModel):
    """One reason why a student is off track."""

    reason: str
    text: str = Field(description="The reason in words and numbers.")
    measured: float | None
    threshold: float | None
    lesson_id: str | None
    flagged_on: date


class OffTrack(WireModel):
    """Off-track flags as of the build; not part of a partner's answer."""

    type: Literal["OFF_TRACK"] = "OFF_TRACK"
    flags: list[Flag]


class MasterySummary(WireModel):
    """Lessons by state."""

    type: Literal["MASTERY"] = "MASTERY"
    not_started: int = 0
    started: int = 0
    practicing: int = 0
    proficient: int = 0
    mastered: int = 0
    needs_review: int = 0
    struggling: int = 0


class CoursePlacement(WireModel):
    """Where to go on in one course."""

    course_id: str
    course_title: str | None
    subject: str | None
    lesson_count: int
    mastered_count: int
    proficient_count: int
    gap_lesson_ids: list[str] = Field(description="Skipped: before the furthest, not proficient.")
    next_lesson_id: str | None
    ahead_lesson_ids: list[str] = Field(description="Mastered before or without practice.")


class Placement(WireModel):
    """What to assign next, course by course."""

    type: Literal["PLACEMENT"] = "PLACEMENT"
    courses: list[CoursePlacement]


Insight = Annotated[
    TimeSummary | Accuracy | DailyGoal | OffTrack | MasterySummary | Placement,
    Field(discriminator="type"),
]


class Insights(Answer):
    """What stands out about a student in a period."""

    user_id: str
    start_date: date
    end_date: date
    timezone: str
    session: Session | None = Field(description="The newest session.")
    insights: list[Insight]
    by_subject: list[SubjectSummary]


class Sessions(ListAnswer):
    """A student's sessions, newest first."""

    sessions: list[Session]


class OneSession(Answer):
    """One session."""

    session: Session

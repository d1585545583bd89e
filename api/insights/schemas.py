"""Insights on the wire: a list of findings, told apart by `type`."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.evidence import DataStatus
from api.formats import Answer, ListAnswer, WireModel
from api.insights.standing import DailyGoal, MasterySummary, OffTrack, Placements


class LearningSession(WireModel):
    """One app's session. Seconds are 0 where `timeQuality` is `none`."""

    session_id: str
    session_ref: str | None = Field(
        description="The id that the app sent (`session.id`), if it sent one.",
        examples=["urn:uuid:9d1f"],
    )
    student_id: str
    application_id: str
    started_at: datetime
    ended_at: datetime | None
    started_on: date = Field(description="The day it began on, at the student's school.")
    end_reason: Literal[
        "logged_out",
        "timed_out",
        "inferred_idle",
        "superseded",
        "idle_split",
        "capped",
        "orphan",
        "open",
    ] = Field(description="How it ended; `inferred_idle`: no logout came; `open`: it may go on.")
    is_implicit: bool = Field(description="Activity without a login.", examples=[False])
    is_flagged: bool = Field(description="Cut at 8 hours: look at its logouts.", examples=[False])
    time_quality: Literal["measured", "bracketed", "inferred", "none"] = Field(
        description="Durations that were sent say all its active time; between login and logout;"
        " from the events; no time at all, so that its seconds are 0 for want of data.",
        examples=["bracketed"],
    )
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
    time_status: DataStatus
    total_xp_earned: float
    fact_count: int


class TimeSummary(Spent):
    """The period's seconds and XP."""

    type: Literal["TIME_SUMMARY"] = "TIME_SUMMARY"
    waste_percentage: float = Field(
        0.0, description="Share of waste, 0 to 100; 0 while `wasteMeasured` is false."
    )


class SubjectSummary(Spent):
    """One subject's seconds, XP, questions and mastery."""

    subject: str
    total_questions: int
    scored_questions: int
    correct_questions: int
    accuracy_ratio: float | None
    accuracy_status: DataStatus
    mastered_units: int = Field(description="Lessons first mastered in the period.")


class Accuracy(WireModel):
    """Questions of the period; unscored ones count as answered, not toward the ratio."""

    type: Literal["ACCURACY"] = "ACCURACY"
    total_questions: int
    scored_questions: int
    correct_questions: int
    accuracy_ratio: float | None
    accuracy_status: DataStatus


Insight = Annotated[
    TimeSummary | Accuracy | DailyGoal | OffTrack | MasterySummary | Placements,
    Field(discriminator="type"),
]


class Insights(Answer):
    """What stands out about a student in a period."""

    user_id: str
    start_date: date
    end_date: date
    timezone: str
    session: LearningSession | None = Field(
        description="The newest session; null if there is none."
    )
    insights: list[Insight] = Field(description="Findings, told apart by `type`.")
    by_subject: list[SubjectSummary] = Field(description="The period by subject, by name.")


class Sessions(ListAnswer):
    """A student's sessions, newest first."""

    sessions: list[LearningSession] = Field(description="The sessions of this page.")


class OneSession(Answer):
    """One session."""

    session: LearningSession = Field(description="The session.")

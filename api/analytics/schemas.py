"""Activity on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from api.evidence import DataStatus, data_status
from api.formats import Answer, ListAnswer, WireModel

FactType = Annotated[
    Literal["view", "assignment", "question", "assessment"],
    Field(
        description="`view` from ViewEvents, `assignment` from AssignableEvents, `question` from"
        " AssessmentItemEvents, `assessment` from AssessmentEvents.",
        examples=["question"],
    ),
]
FactState = Annotated[
    Literal[
        "viewed",
        "started",
        "completed",
        "submitted",
        "reviewed",
        "abandoned",
        "answered",
        "paused",
        "reset",
    ],
    Field(
        description="`viewed`; `answered`; the life of an assignment or assessment: `started`,"
        " `completed`, `submitted`, `reviewed`, or `abandoned` where no end was sent;"
        " `paused` or `reset` assessments.",
        examples=["answered"],
    ),
]

FIGURES = (
    "xp",
    "total_questions",
    "scored_questions",
    "correct_questions",
    "mastered_lessons",
    "active_seconds",
    "idle_seconds",
)


class ActivityMetrics(WireModel):
    """What was done. Each number is a count or a sum, 0 where there was nothing."""

    xp_earned: float
    total_questions: int
    scored_questions: int
    correct_questions: int
    mastered_units: int


class TimeSpentMetrics(WireModel):
    """Seconds; `timeStatus` says whether a zero was measured. Nobody measures waste."""

    active_seconds: float
    inactive_seconds: float
    waste_seconds: float = 0.0
    waste_measured: bool = False
    time_status: DataStatus


class Metrics(WireModel):
    """Both kinds of figures."""

    activity_metrics: ActivityMetrics
    time_spent_metrics: TimeSpentMetrics

    @classmethod
    def figures(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """The two parts, from a row with the columns `FIGURES`."""
        return {
            "activity_metrics": ActivityMetrics(
                xp_earned=row["xp"],
                total_questions=row["total_questions"],
                scored_questions=row["scored_questions"],
                correct_questions=row["correct_questions"],
                mastered_units=row["mastered_lessons"],
            ),
            "time_spent_metrics": TimeSpentMetrics(
                active_seconds=row["active_seconds"],
                inactive_seconds=row["idle_seconds"],
                time_status=data_status(row["active_seconds"] + row["idle_seconds"]),
            ),
        }


class SubjectFacts(Metrics):
    """One subject of one day."""

    apps: list[str] = Field(description="The apps it was done in.")
    restated_at: datetime | None


class Activity(Answer):
    """A student's activity by local day and subject, and again by app."""

    student_id: str
    start_date: date
    end_date: date
    timezone: str = Field(description="Whose days these are.", examples=["America/Chicago"])
    facts: dict[date, dict[str, SubjectFacts]] = Field(description="By day, then subject.")
    facts_by_app: dict[date, dict[str, dict[str, Metrics]]] = Field(
        description="By day, then app, then subject."
    )


class WeeklyFact(Metrics):
    """One lesson of one day in one app."""

    date: date
    subject: str
    application_id: str
    course_id: str | None
    lesson_id: str | None
    restated_at: datetime | None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The fact of one row of `facts.daily_facts`."""
        return cls(
            date=row["local_on"],
            subject=row["subject"],
            application_id=row["app_id"],
            course_id=row["course_id"],
            lesson_id=row["lesson_id"],
            restated_at=row["restated_at"],
            **cls.figures(row),
        )


class WeeklyFacts(Answer):
    """A student's week, Monday to Sunday, at the finest grain."""

    student_id: str
    start_date: date
    end_date: date
    timezone: str
    facts: list[WeeklyFact]


class EngagementFact(WireModel):
    """One thing that a student did: a view, an assignment, a question or an assessment."""

    id: str = Field(description="Stable id of the fact.", examples=["9a1f6c"])
    type: FactType
    state: FactState
    student_id: str
    application_id: str
    course_id: str | None
    lesson_id: str | None
    subject: str | None
    session_id: str | None = Field(
        description="The session it lies in: `GET /insights/1.0/sessions/{id}`; null if in none."
    )
    object_id: str | None = Field(
        description="What was viewed, assigned, asked or assessed, as the app names it.",
        examples=["https://app.example/quizzes/7"],
    )
    object_name: str | None = Field(
        description="Its name, as the app sent it.", examples=["Main idea: quiz"]
    )
    started_at: datetime | None = Field(description="UTC; null where it cannot be told.")
    ended_at: datetime | None = Field(description="UTC; null while, or if, it never ended.")
    local_date: date = Field(description="The day it counts for, at the student's school.")
    seconds: float | None = Field(
        description="How long, pauses taken out: a view to the next event of its session (10"
        " minutes at most), a question since it was begun or since the one before; null where it"
        " cannot be told.",
        examples=[95.0],
    )
    is_correct: bool | None = Field(
        description="Of a question; null if it is not scored, and for the other types.",
        examples=[True],
    )
    score: float | None = Field(description="Points given; null if it is not scored.")
    max_score: float | None
    source_event_id: str

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The fact of one row of `engagement.facts`."""
        names = {
            "fact_id": "id",
            "fact_type": "type",
            "app_id": "application_id",
            "object_ref": "object_id",
            "local_on": "local_date",
            "score_given": "score",
        }
        return cls.model_validate({names.get(name, name): part for name, part in row.items()})


class EngagementFacts(ListAnswer):
    """One page of engagement facts, newest day first."""

    facts: list[EngagementFact] = Field(description="The facts of this page.")

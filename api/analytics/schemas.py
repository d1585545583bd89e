"""Activity on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import Field

from api.formats import Answer, WireModel

FIGURES = (
    "xp",
    "total_questions",
    "correct_questions",
    "mastered_lessons",
    "active_seconds",
    "idle_seconds",
)


class ActivityMetrics(WireModel):
    """What was done."""

    xp_earned: float = Field(description="XP, corrections included.", examples=[42.0])
    total_questions: int = Field(description="Questions answered, scored or not.")
    correct_questions: int
    mastered_units: int = Field(description="Lessons first mastered that day.")


class TimeSpentMetrics(WireModel):
    """Seconds. Idle time is `inactiveSeconds`; nobody measures waste."""

    active_seconds: float
    inactive_seconds: float
    waste_seconds: float = 0.0
    waste_measured: bool = Field(False, description="False: `wasteSeconds` is 0 for want of data.")


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
                correct_questions=row["correct_questions"],
                mastered_units=row["mastered_lessons"],
            ),
            "time_spent_metrics": TimeSpentMetrics(
                active_seconds=row["active_seconds"], inactive_seconds=row["idle_seconds"]
            ),
        }


class SubjectFacts(Metrics):
    """One subject of one day."""

    apps: list[str] = Field(description="The apps it was done in.")


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

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The fact of one row of `facts.daily_facts`."""
        return cls(
            date=row["local_on"], subject=row["subject"], application_id=row["app_id"],
            course_id=row["course_id"], lesson_id=row["lesson_id"], **cls.figures(row),
        )  # fmt: skip


class WeeklyFacts(Answer):
    """A student's week, Monday to Sunday, at the finest grain."""

    student_id: str
    start_date: date
    end_date: date
    timezone: str
    facts: list[WeeklyFact]

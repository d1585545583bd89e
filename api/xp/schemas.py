"""XP on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.formats import ListAnswer, WireModel

GoalStatus = Literal["met", "on_pace", "behind", "not_started", "no_school", "no_goal"]


class XpEntry(WireModel):
    """One row of a student's XP ledger; a correction is a `reverse` and a `correct` row."""

    id: str = Field(description="Stable id of the entry.", examples=["3f1c9a0d5b7e"])
    value: float = Field(
        description="XP, about a minute each; negative if it takes away.", examples=[12.5]
    )
    user_id: str
    application_id: str = Field(description="The app whose event earned it.")
    source_event_id: str
    date_generated: datetime = Field(
        description="When it was earned (UTC).", examples=["2026-01-15T15:10:00Z"]
    )
    local_date: date = Field(description="The day it counts for, at the student's school.")
    subject: str
    course_name: str | None
    course_id: str
    lesson_id: str | None
    enrollment_id: str | None = Field(description="The enrollment credited; null while pending.")
    kind: Literal["earn", "correct", "reverse"] = Field(
        description="`correct` replaces the value of a row that a `reverse` takes away."
    )
    status: Literal["credited", "pending_enrollment"] = Field(
        description="`pending_enrollment`: counts, but toward no goal until the enrollment lands."
    )
    restated_at: datetime | None
    is_review: bool | None = Field(
        description="Marked for a look by staff; null to partners.", examples=[False]
    )
    review_reason: str | None = Field(
        None, description="Why it is marked; null if it is not, and to partners."
    )
    review_xp: float | None = Field(
        None,
        description="XP that is looked at: the event's, or the day's; null likewise.",
        examples=[150.0],
    )
    review_active_minutes: float | None = Field(
        None,
        description="The day's active minutes, of an entry `over_active_time`; else null.",
        examples=[20.0],
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The entry of one row of `queries.entries`."""
        names = {
            "entry_id": "id",
            "xp": "value",
            "student_id": "user_id",
            "app_id": "application_id",
            "earned_at": "date_generated",
            "earned_on": "local_date",
            "course_title": "course_name",
        }
        return cls.model_validate({names.get(name, name): part for name, part in row.items()})


class XpEntries(ListAnswer):
    """One page of a student's XP ledger, newest first."""

    entries: list[XpEntry] = Field(description="The entries of this page.")


class XpDay(WireModel):
    """One day of a student in one subject, `All` being the whole day.

    To a partner XP and goals are those of its own courses: a goal only where its enrollment
    carries one, so that `All`, streaks and school days have none.
    """

    date: date
    subject: str = Field(description="A subject, or `All` for the whole day.", examples=["Math"])
    xp_earned: float = Field(description="XP of the day, corrections and pending XP included.")
    pending_xp: float = Field(
        description="Of it, XP that waits for an enrollment and counts toward no goal yet.",
        examples=[0.0],
    )
    entry_count: int = Field(
        description="Ledger entries of the day; 0 tells no data from XP that sums to 0.",
        examples=[3],
    )
    goal_xp: float | None
    goal_source: Literal["enrollment", "student", "course", "school", "default"] | None
    goal_earned_xp: float = Field(
        description="Credited XP that the status weighs against the goal, of the school's day.",
        examples=[48.0],
    )
    status: GoalStatus
    restated_at: datetime | None
    is_school_day: bool | None
    streak_days: int | None
    review_count: int | None = Field(
        description="Entries marked for a look by staff; null to partners.", examples=[0]
    )
    review_reason: str | None = Field(
        description="Why, comma-separated; null if none is marked, and to partners.",
        examples=["over_active_time"],
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The day of one row of `summary.summary`."""
        names = {"local_on": "date", "xp": "xp_earned"}
        return cls.model_validate({names.get(name, name): part for name, part in row.items()})


class XpSummary(ListAnswer):
    """A student's XP by day and subject beside the goals, newest day first."""

    user_id: str
    start_date: date
    end_date: date
    timezone: str
    days: list[XpDay] = Field(description="Days with XP or a goal, each with its subjects.")

"""XP on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.formats import ListAnswer, WireModel


class XpEntry(WireModel):
    """One row of a student's XP ledger; a correction is a `reverse` and a `correct` row."""

    id: str = Field(description="Stable id of the entry.")
    value: float = Field(description="XP, about a minute each; negative if it takes away.")
    user_id: str = Field(examples=["student-ana"])
    application_id: str = Field(description="The app whose event earned it.")
    source_event_id: str = Field(description="The event: `GET /events/1.0/{id}`.")
    date_generated: datetime = Field(description="When it was earned (UTC).")
    local_date: date = Field(description="The day it counts for, at the student's school.")
    subject: str = Field(examples=["Reading"])
    course_name: str | None
    course_id: str
    lesson_id: str | None
    enrollment_id: str | None = Field(description="The enrollment credited; null while pending.")
    kind: Literal["earn", "correct", "reverse"]
    status: Literal["credited", "pending_enrollment"]
    is_review: bool | None = Field(description="Marked for a look by staff; null to partners.")
    review_reason: str | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The entry of one row of `queries.entries`."""
        names = {
            "entry_id": "id", "xp": "value", "student_id": "user_id", "app_id": "application_id",
            "earned_at": "date_generated", "earned_on": "local_date", "course_title": "course_name",
        }  # fmt: skip
        return cls.model_validate({names.get(name, name): part for name, part in row.items()})


class XpEntries(ListAnswer):
    """One page of a student's XP ledger, newest first."""

    entries: list[XpEntry]

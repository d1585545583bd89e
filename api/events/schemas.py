"""Verdicts on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.formats import Answer, ListAnswer, WireModel
from api.reports.wording import mend

JudgedStatus = Literal[
    "accepted", "duplicate", "conflict", "quarantined", "unprocessed", "rejected"
]
Status = Literal[
    "pending", "accepted", "duplicate", "conflict", "quarantined", "unprocessed", "rejected"
]
NAMES = {
    "event_id": "id",
    "error_path": "path",
    "event_type": "type",
    "occurred_at": "event_time",
    "event_index": "index",
    "app_id": "application_id",
}


class Verdict(WireModel):
    """What became of one arrival of one event."""

    id: str | None = Field(description="Null if it was refused for want of a usable id.")
    status: Status = Field(description="`pending`: stored for good, no build has judged it yet.")
    reason: str | None = Field(description="Why it is quarantined or rejected.")
    mend: str | None = Field(description="What to change so that it counts.")
    warning: str | None = Field(description="It counts, but look: `pending_enrollment`, …")
    path: str | None = Field(description="JSON path of what is wrong in the request.")
    message: str | None
    type: str | None
    action: str | None
    event_time: datetime | None
    received_at: datetime
    receipt_id: str
    index: int = Field(description="Place among the events of its request, from 0.")
    application_id: str | None
    student_id: str | None
    course_id: str | None
    lesson_id: str | None
    session_id: str | None

    @classmethod
    def from_row(cls, row: Mapping[str, Any], **more: Any) -> Self:
        """The verdict of one row of `queries` or `pending`."""
        parts = {NAMES.get(name, name): part for name, part in row.items()}
        kept = {name: parts[name] for name in Verdict.model_fields if name in parts}
        return cls(**kept, mend=mend(row["reason"]) if row["reason"] else None, **more)


class Made(WireModel):
    """Ids of the rows that the event made; read them at their own addresses."""

    ledger_entries: list[str] = Field(description="`/xp/1.0/users/{id}/entries`")
    assessment_results: list[str] = Field(description="`/gradebook/1.0/assessment-results/{id}`")
    item_responses: list[str]
    facts: list[str] = Field(description="Views, assignments, questions, assessments.")


class Arrival(WireModel):
    """One time that the event id arrived; the lowest that passed the door counts."""

    receipt_id: str
    index: int
    received_at: datetime
    status: Status


class EventDetail(Verdict):
    """One event: its verdict, what it made, how often it came, and the event itself."""

    made: Made
    arrivals: list[Arrival]
    payload: str | None = Field(description="The event object as sent (JSON text).")


class OneEvent(Answer):
    """One event."""

    event: EventDetail


class Events(ListAnswer):
    """Verdicts, newest arrivals first."""

    events: list[Verdict]


class Receipt(Answer):
    """The events of one request, in the order sent."""

    receipt_id: str
    events: list[Verdict]

"""Verdicts on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.formats import Answer, ListAnswer, WireModel
from api.reports.wording import instead, mend

JudgedStatus = Literal[
    "accepted", "duplicate", "conflict", "quarantined", "unprocessed", "rejected"
]
Status = Literal[
    "pending", "accepted", "duplicate", "conflict", "quarantined", "unprocessed", "rejected"
]
EVENT = "7c0a1f3e-52b1-4a8e-9d27-1f8f0f6f2f11"
RECEIPT = "0b7f3d0e-5a52-4c7b-9a51-6a3f4d0c1a01"
ROW = "0f5e1c9a-6a0e-5a53-9f8e-0b1a3c2d4e5f"
PAYLOAD = '{"id": "urn:uuid:7c0a1f3e-52b1-4a8e-9d27-1f8f0f6f2f11", "type": "GradeEvent"}'
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

    id: str | None = Field(
        description="Null if it was refused for want of a usable id.", examples=[EVENT]
    )
    status: Status = Field(
        description="`pending`: stored for good, no build has judged it yet.",
        examples=["quarantined"],
    )
    reason: str | None = Field(
        description="Why it is quarantined or rejected.", examples=["unknown_lesson"]
    )
    mend: str | None = Field(
        description="What to change so that it counts.",
        examples=["Publish the lesson (PUT /rostering/1.0/lessons/{id})."],
    )
    warning: str | None = Field(
        description="It counts, but look: `pending_enrollment`, …", examples=["pending_enrollment"]
    )
    path: str | None = Field(
        description="JSON path of what is wrong in the request.", examples=["$.data[4].id"]
    )
    message: str | None = Field(description="What is wrong there.", examples=["id is missing"])
    type: str | None = Field(description="Caliper event type.", examples=["GradeEvent"])
    action: str | None = Field(description="Caliper action.", examples=["Graded"])
    event_time: datetime | None = Field(
        description="When it happened (UTC).", examples=["2026-01-15T15:10:00Z"]
    )
    received_at: datetime = Field(
        description="When it arrived (UTC).", examples=["2026-01-15T15:10:01Z"]
    )
    receipt_id: str = Field(
        description="The request that brought it: `GET /events/1.0/receipts/{id}`.",
        examples=[RECEIPT],
    )
    index: int = Field(description="Place among the events of its request, from 0.", examples=[0])
    application_id: str | None = Field(description="The app that it came from.", examples=["app"])
    student_id: str | None = Field(
        description="The student, once known to be one.", examples=["student-ana"]
    )
    course_id: str | None = Field(description="The course, once known.", examples=["reading-5"])
    lesson_id: str | None = Field(description="The lesson, once known.", examples=["r1"])
    session_id: str | None = Field(
        description="The session that it lies in: `GET /insights/1.0/sessions/{id}`.",
        examples=["9b2f0c3d4e5f60718293a4b5c6d7e8f9"],
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any], **more: Any) -> Self:
        """The verdict of one row of `queries` or `pending`."""
        parts = {NAMES.get(name, name): part for name, part in row.items()}
        kept = {name: parts[name] for name in Verdict.model_fields if name in parts}
        return cls(**kept, mend=_mend(row), **more)


def _mend(row: Mapping[str, Any]) -> str | None:
    if row["status"] == "unprocessed":
        return instead(row["event_type"])
    return mend(row["reason"]) if row["reason"] else None


class Made(WireModel):
    """Ids of the rows that the event made or had a part in; read them at their own addresses."""

    ledger_entries: list[str] = Field(
        description="XP ledger: `/xp/1.0/users/{id}/entries`, `/explain/1.0/xp-entry/{id}`.",
        examples=[[ROW]],
    )
    sessions: list[str] = Field(
        description="The session that it lies in: `/insights/1.0/sessions/{id}`.", examples=[[ROW]]
    )
    assessment_results: list[str] = Field(
        description="Gradebook: `/gradebook/1.0/assessment-results/{id}`.", examples=[[ROW]]
    )
    item_responses: list[str] = Field(description="Questions answered.", examples=[[ROW]])
    facts: list[str] = Field(
        description="Views, assignments, questions, assessments.", examples=[[ROW]]
    )


class Place(WireModel):
    """One event of one request: `GET /events/1.0/receipts/{receiptId}/{index}`."""

    receipt_id: str = Field(description="The request.", examples=[RECEIPT])
    index: int = Field(description="Place among its events, from 0.", examples=[0])


class Arrival(WireModel):
    """One time that the event id arrived; the lowest that passed the door counts."""

    receipt_id: str = Field(description="The request that brought it.", examples=[RECEIPT])
    index: int = Field(description="Place among its events, from 0.", examples=[0])
    client_id: str | None = Field(description="Whose backend sent it.", examples=["reading-co"])
    received_at: datetime = Field(
        description="When it arrived (UTC).", examples=["2026-01-15T15:10:01Z"]
    )
    status: Status = Field(description="What became of this arrival.", examples=["conflict"])
    repeats: Place | None = Field(
        description="Of a duplicate or conflict: the arrival that counts in its place.",
        examples=[{"receiptId": RECEIPT, "index": 0}],
    )
    payload: str | None = Field(
        description="This arrival as sent (JSON text); null for a duplicate, which says the same.",
        examples=[PAYLOAD],
    )


class EventDetail(Verdict):
    """One event: its verdict, what it made, how often it came, and the event itself."""

    made: Made = Field(description="What it became; all empty unless it is accepted.")
    arrivals: list[Arrival] = Field(
        description="Every time that its id came, the one that counts first."
    )
    payload: str | None = Field(
        description="The event object as sent (JSON text).", examples=[PAYLOAD]
    )


class OneEvent(Answer):
    """One event."""

    event: EventDetail = Field(description="The event.")


class Events(ListAnswer):
    """Verdicts, newest arrivals first."""

    events: list[Verdict] = Field(description="This page's verdicts.")


class Receipt(Answer):
    """The events of one request, in the order sent."""

    receipt_id: str = Field(description="The request.", examples=[RECEIPT])
    events: list[Verdict] = Field(description="Its events, in the order sent.")

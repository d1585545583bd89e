"""The access log on the wire."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from api.formats import WireModel

EntryCount = Annotated[int, Field(description="Rows of the log.", examples=[12])]
ActorCount = Annotated[int, Field(description="People and backends in them.", examples=[3])]
StudentCount = Annotated[int, Field(description="Students in them.", examples=[5])]


class AuditEntry(WireModel):
    """Who did what, and about whom."""

    audit_id: int = Field(description="The row's number.", examples=[4711])
    occurred_at: datetime = Field(description="When (UTC).", examples=["2026-01-15T15:10:00Z"])
    actor_kind: Literal["person", "client", "operator"] = Field(
        description="A signed-in person, a backend, or someone who ran a command on the server.",
        examples=["person"],
    )
    actor_id: str = Field(
        description="The person's id, the `client_id` or the operator's system name.",
        examples=["0d9f5a46-7a0c-4a4e-8f0a-0b1f0f6f9f10"],
    )
    actor_name: str | None = Field(
        description="Their name as it is now; null if they are gone.", examples=["Gil Test"]
    )
    action: str = Field(description="What was read or done.", examples=["xp.entries"])
    student_id: str | None = Field(
        description="About whom; `erased:` and a hash for a student who was erased.",
        examples=["student-ana"],
    )
    student_name: str | None = Field(
        description="The student's name as it is now; null if they are gone.",
        examples=["Ana Test"],
    )
    details: dict[str, Any] = Field(
        description="What else is known; it holds no personal data.",
        examples=[{"build_id": "b0f3a1c2d4e5"}],
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The entry of one row of `queries.entries`."""
        return cls.model_validate({**row, "details": json.loads(row["details"])})


class AuditEntries(WireModel):
    """One page of the access log, newest first."""

    entries: list[AuditEntry] = Field(description="The rows of this page.")
    offset: int = Field(description="Rows skipped.", examples=[0])
    limit: int = Field(description="Most rows of this page.", examples=[100])
    total: int = Field(description="Rows of the whole list.", examples=[1])


class AuditDay(WireModel):
    """One day of the access log."""

    date: Annotated[date, Field(description="The day.", examples=["2026-01-15"])]
    entry_count: EntryCount
    actor_count: ActorCount
    student_count: StudentCount


class AuditDays(WireModel):
    """The access log in numbers."""

    timezone: str = Field(description="Whose days they are.", examples=["America/Chicago"])
    days: list[AuditDay] = Field(description="Days with a row, newest first.")
    entry_count: EntryCount
    actor_count: ActorCount
    student_count: StudentCount

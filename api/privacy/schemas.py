"""Erasures on the wire."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from api.formats import WireModel
from core.privacy.erasure import STAGES
from core.privacy.erasures import Erasure


class ErasureState(WireModel):
    """How far an erasure has come."""

    erasure_id: str = Field(
        description="The erasure's id.", examples=["6f2b1c1e-3c0e-4a3e-9d57-6a1f5c2d7e10"]
    )
    status: Literal["requested", "erasing", "cleaning", "finished"] = Field(
        description="`requested` waits for the builds process; `cleaning`: the student is gone from"
        " every record, and traces in the database's files are being removed.",
        examples=["erasing"],
    )
    stage: str | None = Field(
        description="What is being done; null when nothing is.", examples=["Rebuilding the marts"]
    )
    stages_done: int = Field(description="Stages that are behind.", examples=[3])
    stage_count: int = Field(description="Stages in all.", examples=[6])
    error: str | None = Field(
        description="Why the last attempt ended early; it is tried again by itself.",
        examples=["BuildFailedError"],
    )
    requested_at: datetime = Field(
        description="Since when nothing about the student is taken any more (UTC).",
        examples=["2026-01-15T15:10:00Z"],
    )
    finished_at: datetime | None = Field(
        description="When it was finished (UTC); null before.", examples=["2026-01-15T15:12:00Z"]
    )

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        """The state of an erasure."""
        is_finished = erasure.status == "finished"
        return cls.model_validate(
            {
                "erasure_id": str(erasure.erasure_id),
                "stage_count": len(STAGES),
                "stages_done": len(STAGES) if is_finished else erasure.stages_done,
                **{
                    name: getattr(erasure, name)
                    for name in ("status", "stage", "error", "requested_at", "finished_at")
                },
            }
        )

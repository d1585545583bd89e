"""The reports behind a partner's pages."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.parameters import KNOWN_ONLY
from api.reading import CurrentReading
from api.reports import partner
from api.reports.reading import require_role
from api.reports.router import REFUSALS, Days
from api.reports.schemas.partner import (
    PartnerContent,
    PartnerIntegration,
    PartnerUsage,
    Reconciliation,
)
from api.reports.sheets import MOST_BYTES, Upload
from api.responses import REFUSED_UPLOAD
from core.dependencies import AppContext

router = APIRouter(
    prefix="/reports/1.0/partner", tags=["Reports"], responses=REFUSALS, dependencies=KNOWN_ONLY
)

CourseId = Annotated[
    str | None,
    Query(alias="courseId", description="Only this course.", examples=["reading-5"]),
]
SHEET = {
    "requestBody": {
        "required": True,
        "description": (
            f"A CSV in UTF-8, at most {MOST_BYTES:,} bytes: a column `event_id`, or `date,count`,"
            " or `date,event_type,count` with UTC days of arrival."
        ),
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "date,count\n2026-01-15,412\n"}
        },
    }
}


@router.get("/integration")
def read_partner_integration(reading: CurrentReading, days: Days = 14) -> PartnerIntegration:
    """How the partner's own events fare: verdicts, reasons and lints with their mend, samples."""
    require_role(reading.viewer, "partner")
    return partner.partner_integration(reading, days)


@router.get("/usage")
def read_partner_usage(
    reading: CurrentReading, course_id: CourseId = None, days: Days = 28
) -> PartnerUsage:
    """How the partner's courses are used: students, minutes, XP and sessions by day and week."""
    require_role(reading.viewer, "partner")
    return partner.partner_usage(reading, course_id, days)


@router.get("/content")
def read_partner_content(reading: CurrentReading, course_id: CourseId = None) -> PartnerContent:
    """How far students get with each of the partner's lessons, and where they stop."""
    require_role(reading.viewer, "partner")
    return partner.partner_content(reading, course_id)


@router.post("/reconcile", responses=REFUSED_UPLOAD, openapi_extra=SHEET)
def reconcile(
    reading: CurrentReading, sheet: Upload, context: AppContext, days: Days = 30
) -> Reconciliation:
    """Compare a list of event ids, or counts by day, with what arrived; nothing of it is kept.

    `days` is how far back arrivals are looked for when the sheet holds event ids.
    """
    require_role(reading.viewer, "partner")
    return partner.reconcile(reading, context.lake, sheet, days)

"""The reports of platform admins about alerts."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.parameters import KNOWN_ONLY
from api.reading import CurrentReading
from api.reports import outbox
from api.reports.router import REFUSALS, Days
from api.reports.schemas.outbox import AlertText, Outbox
from core.dependencies import AppContext

router = APIRouter(
    prefix="/reports/1.0", tags=["Reports"], responses=REFUSALS, dependencies=KNOWN_ONLY
)

AlertId = Annotated[
    int, Path(ge=1, le=2**63 - 1, description="An alert of the outbox.", examples=[1])
]


@router.get("/admin/outbox")
def read_outbox(reading: CurrentReading, context: AppContext, days: Days = 14) -> Outbox:
    """The digests that guides and parents were written, newest first, without their texts."""
    is_mail_configured = context.settings.smtp_url is not None
    return outbox.alerts(reading, days, is_mail_configured=is_mail_configured)


@router.get("/admin/outbox/{alert_id}")
def read_alert(reading: CurrentReading, alert_id: AlertId) -> AlertText:
    """One digest as it was written."""
    return outbox.alert(reading, alert_id)

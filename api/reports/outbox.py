"""The report of alerts, for platform admins."""

from datetime import UTC, datetime, timedelta

from api.reading import Reading
from api.reports.queries import outbox
from api.reports.reports import stamp
from api.reports.schemas.outbox import AlertText, Outbox
from core.errors import ForbiddenError, NotFoundError


def require_platform_admin(reading: Reading) -> None:
    """403 unless the reader is a person who sees everything."""
    if reading.viewer.kind != "person" or not reading.viewer.sees_everything:
        raise ForbiddenError("This report is for platform admins.", code="role_required")


def alerts(reading: Reading, days: int, *, is_mail_configured: bool) -> Outbox:
    """Alerts of the last `days` days, without their texts."""
    require_platform_admin(reading)
    since = datetime.now(UTC) - timedelta(days=days)
    return Outbox.model_validate(
        {
            **stamp(reading),
            "is_mail_configured": is_mail_configured,
            "alerts": outbox.alerts(reading.database, since),
        }
    )


def alert(reading: Reading, alert_id: int) -> AlertText:
    """One alert as written, noted as a read of all whom it is about; 404 if there is none."""
    require_platform_admin(reading)
    found = outbox.alert(reading.database, alert_id)
    if found is None:
        raise NotFoundError(f"There is no alert {alert_id}.", code="unknown_alert")
    reading.note("reports.alert", found["student_ids"])
    return AlertText.model_validate(found)

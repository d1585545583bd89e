"""What platform admins read of alerts: to whom, which, how it ended, and the text."""

from datetime import date, datetime

from api.reports.schemas.parts import Answer, Part


class Alert(Part):
    """One alert to one person."""

    alert_id: int
    kind: str
    local_on: date
    alert_status: str
    recipient: str
    subject: str
    attempts: int
    error: str | None
    student_count: int
    created_at: datetime
    finished_at: datetime | None


class Outbox(Answer):
    """The alerts that were written, newest first."""

    is_mail_configured: bool
    alerts: list[Alert]


class AlertText(Alert):
    """One alert with what it says."""

    text_body: str
    html_body: str

"""What admins and partners read: schools, the health of the data, an integration."""

from datetime import date, datetime

from pydantic import Field

from api.reports.schemas.parts import Answer, Part, Ratio, Seconds, Xp


class SchoolToday(Part):
    """One school's day so far."""

    school_id: str
    school_name: str
    timezone: str
    local_on: date
    student_count: int = Field(description="Students enrolled now.")
    active_count: int = Field(description="Students with activity today.")
    goal_count: int = Field(description="Students with a goal today.")
    met_count: int
    xp: Xp
    active_seconds: Seconds
    flagged_count: int = Field(description="Students off track for at least one reason.")


class SchoolDay(Part):
    """One school's past day."""

    school_id: str
    school_name: str
    local_on: date
    active_count: int
    goal_count: int
    met_count: int
    xp: Xp
    active_seconds: Seconds


class AdminSchools(Answer):
    """The admin's schools today, and the days before."""

    schools: list[SchoolToday]
    days: list[SchoolDay]


class Journal(Part):
    """Events accepted and not yet in the lake."""

    waiting_requests: int
    waiting_events: int
    oldest_at: datetime | None


class Load(Part):
    """The newest transaction that moved events from the journal to the lake."""

    load_id: int
    loaded_at: datetime


class BuildRun(Part):
    """One run of the build, published or not."""

    build_number: int
    build_id: str = Field(alias="build_id")
    status: str = Field(description="running, published, failed or dropped.")
    full_refresh: bool
    as_of: datetime = Field(alias="as_of")
    started_at: datetime
    finished_at: datetime | None
    duration_seconds: float | None
    tests: int | None = Field(description="dbt tests that ran.")
    warnings: int | None
    failures: list[str] = Field(description="A line for each model or test that failed.")


class ClientVerdicts(Part):
    """Events of one partner on one UTC day that share a verdict and its reason."""

    received_on: date
    client_id: str
    client_name: str
    verdict: str
    reason: str | None
    event_count: int


class DataHealth(Answer):
    """Whether everything that was sent is counted, and how fast."""

    journal: Journal
    last_load: Load | None
    builds: list[BuildRun]
    verdicts: list[ClientVerdicts]


class VerdictDay(Part):
    """Events of one UTC day that share a verdict."""

    received_on: date
    verdict: str
    event_count: int


class Reason(Part):
    """Why events do not count yet, and what mends them."""

    verdict: str
    reason: str
    event_count: int
    last_received_at: datetime
    mend: str = Field(description="What to change, in a sentence.")


class EventTypeSeen(Part):
    """One of the event types that an integration can send."""

    event_type: str
    is_needed: bool = Field(description="Part of the minimum viable stream.")
    purpose: str
    accepted_count: int
    other_count: int
    last_received_at: datetime | None


class Sample(Part):
    """An event that was refused or waits, with the place to mend."""

    event_id: str | None
    receipt_id: str
    event_index: int
    event_type: str | None
    received_at: datetime
    verdict: str
    reason: str
    path: str | None = Field(description="JSON path into the event.", examples=["$.eventTime"])
    message: str | None


class SessionHygiene(Part):
    """How sessions end."""

    session_count: int
    without_logout_count: int
    without_logout_ratio: Ratio


class PartnerIntegration(Answer):
    """How a partner's own events fare."""

    client_name: str
    days: list[VerdictDay]
    reasons: list[Reason]
    event_types: list[EventTypeSeen]
    samples: list[Sample]
    sessions: SessionHygiene

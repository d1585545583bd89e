"""What admins read: schools and the health of the data."""

from datetime import date, datetime

from pydantic import Field

from api.reports.schemas.parts import Answer, Part, Seconds, Xp


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

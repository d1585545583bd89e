"""What admins and analysts read beside schools: apps compared, roster health, builds."""

from datetime import datetime

from pydantic import Field

from api.reports.schemas.operations import BuildRun
from api.reports.schemas.parts import Answer, Choice, Part, Ratio


class AppGroup(Part):
    """One app in one grade and subject; all figures null where it has too few students."""

    grade: str | None
    subject: str
    app_name: str
    is_hidden: bool
    student_count: int | None
    active_seconds: float | None
    idle_seconds: float | None
    xp: float | None
    mastered_lessons: int | None
    scored_questions: int | None
    correct_questions: int | None
    award_count: int | None
    review_count: int | None
    xp_per_active_minute: float | None
    mastered_per_active_hour: float | None
    accuracy_ratio: Ratio
    idle_ratio: Ratio
    review_ratio: Ratio = Field(description="Awards to review of all; null without awards.")


class AdminApps(Answer):
    """Apps by grade and subject, and between what one can choose."""

    least_students: int
    grades: list[str]
    subjects: list[str]
    groups: list[AppGroup]


class RosterRow(Part):
    """A record to look at. Which fields are set depends on the check."""

    record_id: str = Field(alias="id", description="A student's wherever the row is about one.")
    name: str | None
    email: str | None
    school_name: str | None
    about: str | None
    reference: str | None
    amount: float | None
    last_at: datetime | None


class RosterCheck(Part):
    """One check of the roster."""

    check_id: str = Field(alias="check")
    title: str
    meaning: str
    todo: str
    is_applicable: bool
    count: int
    rows: list[RosterRow] = Field(description="The first 1,000 of them.")


class RosterHealth(Answer):
    """Whether the roster is complete: what is missing, and what to do."""

    student_count: int
    checks: list[RosterCheck]


class Builds(Answer):
    """The newest runs of the build."""

    builds: list[BuildRun]


class Students(Answer):
    """The reader's students, to choose one."""

    students: list[Choice]

"""A student's overview on the wire."""

from datetime import date

from api.formats import Answer, WireModel
from api.insights.schemas import CoursePlacement, MasterySummary, Session, TimeSummary


class Profile(WireModel):
    """Who the student is; null to a partner once no enrollment in its courses is active."""

    given_name: str | None
    family_name: str | None
    email: str | None
    grade: str | None
    school_id: str | None
    school_name: str | None


class Totals(WireModel):
    """Everything so far."""

    total_xp_earned: float
    active_seconds: float
    inactive_seconds: float
    active_days: int
    first_on: date | None
    last_on: date | None


class Overview(Answer):
    """A student at one glance: who, today, in all, and where they stand."""

    user_id: str
    timezone: str
    student: Profile | None
    session: Session | None
    today: TimeSummary
    totals: Totals
    mastery: MasterySummary
    courses: list[CoursePlacement]

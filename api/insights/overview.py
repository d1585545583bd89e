"""A student's overview on the wire."""

from datetime import date

from pydantic import Field

from api.formats import Answer, WireModel
from api.insights.schemas import LearningSession, TimeSummary
from api.insights.standing import CoursePlacement, Goal, MasterySummary, OffTrackFlag


class Profile(WireModel):
    """Who the student is."""

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
    active_days: int = Field(description="Days of the school with any activity.", examples=[14])
    first_on: date | None = Field(description="The first of them; null if there is none.")
    last_on: date | None = Field(description="The last of them; null if there is none.")


class Overview(Answer):
    """A student at one glance: who, today, in all, and where they stand."""

    user_id: str
    timezone: str
    student: Profile | None = Field(
        description="Who the student is; null to a partner once no enrollment in its courses is"
        " active."
    )
    session: LearningSession | None = Field(
        description="The newest session; null if there is none."
    )
    today: TimeSummary = Field(description="The day of the build so far, in `timezone`.")
    goals: list[Goal] = Field(description="Today's goals, of the school's day.")
    flags: list[OffTrackFlag] | None = Field(
        description="Why the student is off track; empty: on track; null to a partner."
    )
    totals: Totals = Field(description="Everything so far.")
    mastery: MasterySummary = Field(description="Lessons by state.")
    courses: list[CoursePlacement] = Field(description="Where to go on, course by course.")

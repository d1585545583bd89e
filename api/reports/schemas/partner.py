"""What partners read: their integration, the use and the content of their courses, a comparison."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.reports.schemas.parts import Answer, Choice, Part, Ratio, Seconds, Xp

Difference = Literal["missing", "not_accepted", "unknown", "waiting"]


class VerdictDay(Part):
    """Events of one UTC day that share a verdict."""

    received_on: date
    verdict: str
    event_count: int


class UnprocessedType(Part):
    """A type that is kept and produces no figure."""

    event_type: str = Field(examples=["NavigationEvent"])
    event_count: int
    last_received_at: datetime
    instead: str = Field(description="What to send in its place, in a sentence.")


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


class LintFound(Part):
    """What a rule of good integrations finds: a share, and whether it is too much."""

    code: str = Field(examples=["sessions_without_logout"])
    severity: Literal["serious", "warning", "fine", "unknown"] = Field(
        description="unknown: too little to judge by."
    )
    part_count: int = Field(description="How many of `wholeCount` are amiss.")
    whole_count: int
    ratio: Ratio = Field(examples=[0.38])
    warning_above: float = Field(description="A share above this is a warning, 0 to 1.")
    serious_above: float = Field(description="A share above this is serious, 0 to 1.")
    finding: str = Field(
        description="In a sentence with its numbers.",
        examples=["38 % of 214 sessions have no logout"],
    )
    why: str = Field(description="Why it matters.")
    mend: str = Field(description="How to mend it.")


class PartnerIntegration(Answer):
    """How a partner's own events fare."""

    client_name: str
    days: list[VerdictDay]
    unprocessed: list[UnprocessedType] = Field(description="The most frequent first.")
    reasons: list[Reason]
    event_types: list[EventTypeSeen]
    samples: list[Sample]
    sessions: SessionHygiene
    lints: list[LintFound] = Field(description="The worst first.")


class UsageSums(Part):
    """What the partner's students did in its courses over some days."""

    active_count: int = Field(description="Students with activity.")
    active_seconds: Seconds
    xp: Xp
    total_questions: int


class UsageTotals(UsageSums):
    """All the days together."""

    student_count: int = Field(description="Students enrolled now.")
    session_count: int
    accuracy_ratio: Ratio


class UsageDay(UsageSums):
    """One local day; a day without work has zeros."""

    local_on: date
    session_count: int


class UsageWeek(UsageSums):
    """One week from Monday; a student counts once."""

    week_on: date = Field(description="Its Monday.")


class UsageCourse(UsageSums):
    """One course."""

    course_id: str
    course_title: str | None
    subject: str
    student_count: int = Field(description="Students enrolled now.")
    accuracy_ratio: Ratio


class PartnerUsage(Answer):
    """How a partner's courses are used."""

    client_name: str
    course_id: str | None = Field(description="The course that all is about; null: all of them.")
    first_on: date
    last_on: date
    choices: list[Choice] = Field(description="The partner's courses.")
    totals: UsageTotals
    days: list[UsageDay]
    weeks: list[UsageWeek]
    courses: list[UsageCourse]


class ContentLesson(Part):
    """How far students got with one lesson. Each count includes those who got further."""

    lesson_id: str
    lesson_title: str | None
    lesson_position: int
    unit_id: str | None
    unit_title: str | None
    course_id: str
    course_title: str | None
    subject: str
    started_count: int = Field(description="Students who began it.")
    practicing_count: int = Field(description="Students who answered a question of it.")
    proficient_count: int = Field(description="Students who were right 80 times in 100, or more.")
    mastered_count: int = Field(description="Students who mastered it, once or for good.")
    review_count: int = Field(description="Students who mastered it and need to review it.")
    struggling_count: int = Field(description="Students who struggle with it now.")
    stopped_count: int = Field(
        description="Students who are not proficient in it and began no later lesson of the course."
    )
    median_mastery_seconds: float | None = Field(
        description="Active seconds in it, median of those who mastered it."
    )
    median_mastery_attempts: float | None = Field(
        description="Tries, median of those who mastered it."
    )
    accuracy_ratio: Ratio
    hardest_item_ref: str | None = Field(
        description="The question least often right, of those answered 5 times or more.",
        examples=["item-7"],
    )
    hardest_item_title: str | None = Field(
        description="What the app calls that question.", examples=["Which fraction is larger?"]
    )
    hardest_item_ratio: Ratio = Field(description="Share right of its answers.", examples=[0.41])


class PartnerContent(Answer):
    """The funnel of a partner's lessons."""

    client_name: str
    course_id: str | None = Field(description="The course that all is about; null: all of them.")
    choices: list[Choice] = Field(description="The partner's courses.")
    lessons: list[ContentLesson]


class EventDifference(Part):
    """An event on which the sheet and the warehouse differ."""

    event_id: str
    difference: Difference
    event_type: str | None
    received_at: datetime | None
    verdict: str | None
    reason: str | None
    mend: str | None = Field(description="What to do about it, in a sentence.")


class DayDifference(Part):
    """One UTC day of arrival: what was said to be sent, and what is here."""

    received_on: date
    event_type: str | None = Field(description="Null: all types together.")
    sent_count: int = Field(description="As the sheet says.")
    arrived_count: int = Field(description="Arrivals that are judged, repetitions left out.")
    accepted_count: int
    duplicate_count: int = Field(description="Repetitions, which count nowhere.")
    waiting_count: int = Field(description="Arrived, and not yet judged by a build.")
    missing_count: int = Field(description="Sent, less what is here; negative: more is here.")


class Reconciliation(Answer):
    """A partner's sheet beside the warehouse. Nothing of the sheet is kept."""

    kind: Literal["event_ids", "daily_counts"]
    sent_count: int = Field(description="Different event ids, or the sum of the counts.")
    accepted_count: int
    missing_count: int = Field(description="In the sheet, not here.")
    not_accepted_count: int = Field(description="In both, and refused or waiting for a mend.")
    unknown_count: int = Field(description="Here, not in the sheet.")
    waiting_count: int = Field(description="Arrived, and not yet judged by a build.")
    is_truncated: bool = Field(description="More events differ than are listed.")
    events: list[EventDifference]
    days: list[DayDifference]

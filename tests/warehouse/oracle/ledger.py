"""Rules X1 to X8: the XP ledger."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from tests.warehouse.oracle.session import Session
from tests.warehouse.oracle.story import Enrollment, Event, Story

MOST_IN_EVENT = 240
PER_ACTIVE_MINUTE = 1.5
ALLOWANCE = 30


@dataclass(frozen=True)
class Entry:
    """One row of the ledger: whose event says so, and which event's day and credit it has."""

    kind: str
    source: Event
    credited_for: Event
    xp: Decimal
    earned_on: date
    enrollment_id: str | None
    review_reason: str | None = None
    review_xp: Decimal | None = None
    review_active_minutes: float | None = None


def enrollment_of(
    story: Story, student_id: str, course_id: str | None, day: date
) -> Enrollment | None:
    """Rule X5: the one enrollment that a day's work in a course goes to."""
    fitting = [
        enrollment
        for enrollment in story.enrollments
        if enrollment.student_id == student_id
        and enrollment.course_id == course_id
        and enrollment.holds_on(day)
    ]
    fitting.sort(key=lambda enrollment: enrollment.enrollment_id)
    fitting.sort(key=lambda enrollment: enrollment.begin_on or date.min, reverse=True)
    fitting.sort(key=lambda enrollment: not enrollment.is_primary)
    fitting.sort(key=lambda e: (e.school_id or story.school_id) != story.school_id)
    return fitting[0] if fitting else None


def entries(
    story: Story,
    sessions: list[Session],
    counted: Mapping[tuple[str, str, date], tuple[float, float]],
) -> list[Entry]:
    """Every entry, flagged where a day or an award is to be reviewed (rule X8)."""
    made = _entries(story)
    timed = {(s.student_id, s.client_id, s.app_id) for s in sessions if s.time_quality != "none"}
    earned: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    active: dict[tuple[str, date], float] = defaultdict(float)
    for entry in made:
        if _app(entry) in timed:
            earned[entry.source.student_ref, entry.earned_on] += entry.xp
    for (student_id, _, day), (active_seconds, _) in counted.items():
        active[student_id, day] += active_seconds / 60
    reviewed = []
    for entry in made:
        day_key = (entry.source.student_ref, entry.earned_on)
        most = PER_ACTIVE_MINUTE * active[day_key] + ALLOWANCE
        reason, xp, minutes = None, None, None
        if entry.kind != "reverse" and entry.xp > MOST_IN_EVENT:
            reason, xp = "over_240_in_event", entry.xp
        elif entry.kind != "reverse" and _app(entry) in timed and earned[day_key] > most:
            reason, xp, minutes = "over_active_time", earned[day_key], active[day_key]
        reviewed.append(
            replace(entry, review_reason=reason, review_xp=xp, review_active_minutes=minutes)
        )
    return reviewed


def _app(entry: Entry) -> tuple[str, str, str]:
    event = entry.credited_for
    return event.student_ref, event.client_id, event.app_id


def _entries(story: Story) -> list[Entry]:
    """Rules X1 to X5: each XP grade is an entry; one of a known Attempt takes the former back."""
    grades = [event for event in story.events if event.is_xp and event.score_given is not None]
    made = []
    for _, chain in groupby(sorted(grades, key=_chain), _chain):
        chained = sorted(chain, key=lambda event: event.place)
        made.append(_entry(story, "earn", chained[0], chained[0]))
        for former, latter in pairwise(chained):
            made.append(_entry(story, "reverse", latter, former))
            made.append(_entry(story, "correct", latter, latter))
    return made


def _chain(event: Event) -> tuple[str, str, str, str]:
    """Rule X4: an Attempt that comes again, of the same client and student, is corrected."""
    is_attempt = event.object_type == "Attempt" and event.object_ref is not None
    return (
        event.client_id,
        event.student_ref,
        "attempt" if is_attempt else "event",
        str(event.object_ref) if is_attempt else event.event_id,
    )


def _entry(story: Story, kind: str, source: Event, credited_for: Event) -> Entry:
    day = story.day(credited_for.event_time)
    enrollment = enrollment_of(story, credited_for.student_ref, credited_for.course_ref, day)
    xp = Decimal(str(credited_for.score_given)).quantize(Decimal("0.0001"))
    return Entry(
        kind,
        source,
        credited_for,
        -xp if kind == "reverse" else xp,
        day,
        enrollment.enrollment_id if enrollment else None,
    )

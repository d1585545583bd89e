"""What happened, and who and what is known: the input of every rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

LONGEST = timedelta(hours=8)  # a session, and so what an event may state of one


@dataclass(frozen=True)
class Event:
    """An event that the door let pass, as far as the rules read it; names as in raw.events."""

    event_id: str
    event_type: str
    action: str
    event_time: datetime
    student_ref: str
    client_id: str
    actor_type: str = "Person"
    app_ref: str | None = None
    session_ref: str | None = None
    course_ref: str | None = None
    lesson_ref: str | None = None
    object_ref: str | None = None
    object_type: str | None = None
    object_part_ref: str | None = None
    generated_ref: str | None = None
    generated_type: str | None = None
    attempt_ref: str | None = None
    attempt_part_ref: str | None = None
    assignable_ref: str | None = None
    assignable_type: str | None = None
    score_type: str | None = None
    score_given: float | None = None
    max_score: float | None = None
    is_correct: bool | None = None
    question_count: int | None = None
    correct_count: int | None = None
    duration_seconds: float | None = None

    @property
    def app_id(self) -> str:
        """Which app: the one that the event names, else the client's own."""
        return self.app_ref or self.client_id

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Events are ordered by event time, then id; arrival decides nothing.

        At one instant a login comes first and an end last.
        """
        rank = {"LoggedIn": 0, "LoggedOut": 2, "TimedOut": 2}.get(self.action, 1)
        if rank == 0 and self.is_by_software:
            rank = 1
        return self.event_time, rank, self.event_id

    @property
    def stated_from(self) -> datetime:
        """Ruling a: what the event states of its time lies right before it."""
        return self.event_time - min(timedelta(seconds=self.duration_seconds or 0), LONGEST)

    @property
    def is_by_software(self) -> bool:
        """Whether no person acted."""
        return self.actor_type == "SoftwareApplication"

    @property
    def is_of_whole(self) -> bool:
        """Whether it tells of a whole assessment; an activity counts like one (ruling h)."""
        return self.event_type in {"AssessmentEvent", "ActivityEvent"}

    @property
    def is_xp(self) -> bool:
        """Rule X2: a GradeEvent of the score type XP in any case."""
        return self.event_type == "GradeEvent" and (self.score_type or "").upper() == "XP"


@dataclass(frozen=True)
class Enrollment:
    """A student in a class of a course, from begin to end (inclusive; None: unbounded)."""

    enrollment_id: str
    student_id: str
    course_id: str
    school_id: str | None = None
    is_primary: bool = False
    begin_on: date | None = None
    end_on: date | None = None
    goal_xp: Decimal | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the student is enrolled on that local day."""
        return (self.begin_on or date.min) <= day <= (self.end_on or date.max)


@dataclass(frozen=True)
class Story:
    """Events in the order of arrival, and one school with its calendar, terms and courses."""

    events: tuple[Event, ...]
    as_of: datetime
    zone: ZoneInfo
    school_id: str
    enrollments: tuple[Enrollment, ...]
    subjects: Mapping[str, str]
    holidays: frozenset[date] = frozenset()
    terms: tuple[tuple[date, date], ...] = ()
    student_goals: Mapping[str, Decimal] = field(default_factory=dict)
    course_goals: Mapping[str, Decimal] = field(default_factory=dict)

    def day(self, instant: datetime) -> date:
        """Rule X7: the local day of the school."""
        return instant.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which that local day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def is_school_day(self, day: date) -> bool:
        """Monday to Friday but for holidays and what lies between terms."""
        return self.is_in_term(day) and day.isoweekday() <= 5 and day not in self.holidays

    def is_in_term(self, day: date) -> bool:
        """Ruling p: within a term, both ends included; always where none is known."""
        return not self.terms or any(first <= day <= last for first, last in self.terms)


def read_events(rows: Iterable[Mapping[str, Any]]) -> tuple[Event, ...]:
    """Rule X3: of one client's events with one id the first to arrive counts."""
    names = {item.name for item in fields(Event)}
    first: dict[tuple[str, str], Event] = {}
    for row in rows:
        said = {name: value for name, value in row.items() if name in names}
        event = Event(**{"client_id": "reading", "student_ref": "ann"} | said)
        first.setdefault((event.client_id, event.event_id), event)
    return tuple(sorted(first.values(), key=lambda event: event.place))


def seconds(length: timedelta) -> float:
    """A length in seconds."""
    return length / timedelta(seconds=1)

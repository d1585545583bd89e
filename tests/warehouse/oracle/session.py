"""What a session is, and what an event means for one (rules S1 to S5)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tests.warehouse.oracle.story import Event

ENDS = frozenset({"LoggedOut", "TimedOut"})


@dataclass
class Session:
    """One piece of a student's continuous activity in one app."""

    student_id: str
    client_id: str
    app_id: str
    events: list[Event]
    started_at: datetime
    cap_ends_at: datetime
    is_bracketed: bool
    is_after_end: bool
    is_timeless: bool = False
    is_after_cap: bool = False
    ended_at: datetime = datetime.min
    end_reason: str = ""

    @property
    def is_orphan(self) -> bool:
        """Nothing but an end."""
        return all(is_end(event) for event in self.events)

    @property
    def is_implicit(self) -> bool:
        """No login opened it."""
        return not self.is_bracketed and not self.is_orphan

    @property
    def is_post_logout(self) -> bool:
        """Rule S7."""
        return self.is_implicit and self.is_after_end

    def stated(self) -> list[tuple[datetime, datetime]]:
        """What its events state of its time, each stretch within the session (ruling a)."""
        stretches = [
            (max(event.stated_from, self.started_at), min(event.event_time, self.ended_at))
            for event in self.events
        ]
        return [(one, other) for one, other in stretches if one < other]

    def silences(self) -> list[tuple[datetime, datetime]]:
        """What lies between two of its moments and in no stated stretch."""
        moments = {min(event.event_time, self.ended_at) for event in self.events}
        moments |= {self.started_at, self.ended_at}
        cuts = sorted(moments | {one for one, _ in self.stated()})
        return [
            (one, other)
            for one, other in pairwise(cuts)
            if not any(begin <= one and other <= end for begin, end in self.stated())
        ]

    @property
    def time_quality(self) -> str:
        """How its time is known (rule S5)."""
        if self.is_timeless:
            return "none"
        if self.started_at < self.ended_at and not self.silences():
            return "measured"
        is_ended = self.end_reason in {"logged_out", "timed_out"}
        return "bracketed" if self.is_bracketed and is_ended else "inferred"


def is_login(event: Event) -> bool:
    """Somebody logged in; software cannot."""
    return event.action == "LoggedIn" and not is_passive(event)


def is_end(event: Event) -> bool:
    """A logout or a timeout."""
    return event.event_type == "SessionEvent" and event.action in ENDS


def is_passive(event: Event) -> bool:
    """A grade, or software's act: activity inside an open session, and opens none."""
    return not is_end(event) and (event.event_type == "GradeEvent" or event.is_by_software)

"""Rules S5 and S6: active and idle seconds, of each session and of the student's clock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.warehouse.oracle.session import Session
from tests.warehouse.oracle.story import Story, seconds

THOUGHT = timedelta(minutes=10)


@dataclass(frozen=True)
class Interval:
    """A stretch of a session, active or idle."""

    session: Session
    is_active: bool
    began_at: datetime
    ended_at: datetime


def intervals(session: Session) -> list[Interval]:
    """The whole of a session, cut into active and idle."""
    if session.time_quality == "none":
        return []
    active = session.stated()
    active += [(one, min(other, one + THOUGHT)) for one, other in session.silences()]
    cuts = sorted({session.started_at, session.ended_at, *(cut for pair in active for cut in pair)})
    return [
        Interval(session, any(a <= one and other <= b for a, b in active), one, other)
        for one, other in pairwise(cuts)
        if one < other
    ]


def own_seconds(session: Session) -> tuple[float, float] | None:
    """Active and idle seconds of one session; None where it tells no time."""
    if session.time_quality == "none":
        return None
    pieces = intervals(session)
    active = sum(seconds(i.ended_at - i.began_at) for i in pieces if i.is_active)
    return active, seconds(session.ended_at - session.started_at) - active


def counted_seconds(
    story: Story, sessions: Iterable[Session]
) -> dict[tuple[str, str, date], tuple[float, float]]:
    """Active and idle seconds by student, app and local day; together never more than the clock.

    At each instant one session counts: an active one before an idle one, then the app with the
    latest event at or before the instant, then the smallest app id. The begin of
    a session is as good as an event.
    """
    by_student: dict[str, list[Interval]] = defaultdict(list)
    for session in sessions:
        by_student[session.student_id] += intervals(session)
    totals: dict[tuple[str, str, date], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for student_id, pieces in by_student.items():
        for began_at, ended_at, running in _instants(story, pieces):
            winner = min(running, key=lambda interval: _rank(interval, began_at))
            key = (student_id, winner.session.app_id, story.day(began_at))
            totals[key][0 if winner.is_active else 1] += seconds(ended_at - began_at)
    return {key: (active, idle) for key, (active, idle) in totals.items()}


def client_seconds(
    story: Story, sessions: Iterable[Session]
) -> dict[tuple[str, str, date], tuple[float, float]]:
    """Ruling d: the same by student, client and local day, of the client's own sessions alone."""
    by_client: dict[str, list[Session]] = defaultdict(list)
    for session in sessions:
        by_client[session.client_id].append(session)
    totals: dict[tuple[str, str, date], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for client_id, own in by_client.items():
        for (student_id, _, day), found in counted_seconds(story, own).items():
            for part in (0, 1):
                totals[student_id, client_id, day][part] += found[part]
    return {key: (active, idle) for key, (active, idle) in totals.items()}


def _instants(
    story: Story, pieces: list[Interval]
) -> Iterator[tuple[datetime, datetime, list[Interval]]]:
    """The student's clock, cut wherever anything changes, with what runs in each piece."""
    cuts = {cut for piece in pieces for cut in (piece.began_at, piece.ended_at)}
    cuts |= {event.event_time for piece in pieces for event in piece.session.events}
    cuts |= {story.midnight(story.day(cut) + timedelta(days=1)) for cut in cuts}
    for one, other in pairwise(sorted(cuts)):
        running = [piece for piece in pieces if piece.began_at <= one and other <= piece.ended_at]
        if running:
            yield one, other, running


def _rank(interval: Interval, instant: datetime) -> tuple[bool, timedelta, str]:
    session = interval.session
    times = [session.started_at, *(event.event_time for event in session.events)]
    latest = max(time for time in times if time <= instant)
    return not interval.is_active, instant - latest, interval.session.app_id

"""Rules S1 to S4 and S7: which events make a session, and when and why it ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from tests.warehouse.oracle.session import Session, is_end, is_login, is_passive
from tests.warehouse.oracle.story import Event, Story

GAP = timedelta(minutes=30)
GAP_AFTER_LOGIN = timedelta(minutes=60)
CAP = timedelta(hours=8)
TAIL = timedelta(seconds=60)
SAME_LOGIN = timedelta(seconds=30)


def sessions(story: Story) -> list[Session]:
    """Every session of every student."""
    ordered = sorted(
        story.events,
        key=lambda event: (event.student_ref, event.client_id, event.app_id, event.place),
    )
    found: list[Session] = []
    for _, stream in groupby(ordered, lambda e: (e.student_ref, e.client_id, e.app_id)):
        found += _of_stream(list(stream), story.as_of)
    return found


def _of_stream(stream: list[Event], as_of: datetime) -> list[Session]:
    is_timeless = all(is_passive(event) for event in stream)
    threads = list(_threads(stream))
    found: list[list[Session]] = []
    for name in dict.fromkeys(threads):
        places = [place for place, thread in enumerate(threads) if thread == name]
        found.append(_of_thread(stream, threads, places, is_timeless=is_timeless))
    starts = sorted(session.events[0].place for pieces in found for session in pieces)
    for pieces in found:
        for session, following in zip(pieces, [*pieces, None][1:], strict=True):
            last = session.events[-1]
            next_start = next((place[0] for place in starts if place > last.place), None)
            next_login = next(
                (e.event_time for e in stream if e.place > last.place and is_login(e)), None
            )
            _close(session, following, next_start, next_login, as_of)
    return [session for pieces in found for session in pieces]


def _threads(stream: list[Event]) -> Iterator[str]:
    """The session that each event belongs to: the one that it names, else the one before it.

    Without a name a login opens another one, unless it is the same click once more; so does an
    event after an end, and one after a silence longer than any session allows. The silence between
    a login and its own logout is the session's, and a timeout always ends what went before.
    """
    thread = ""
    last_login: datetime | None = None
    for place, event in enumerate(stream):
        before = [earlier for earlier in stream[:place] if not is_passive(earlier)]
        if event.session_ref is not None:
            thread = f"session {event.session_ref}"
        elif place == 0:
            thread = event.event_id
        else:
            silence = event.event_time - stream[place - 1].event_time
            is_after_end = bool(before) and is_end(before[-1])
            is_again = last_login is not None and event.event_time - last_login <= SAME_LOGIN
            is_held = event.action == "TimedOut" or _lies_in_brackets(stream, place)
            if (
                is_after_end
                or (is_login(event) and not is_again)
                or (silence > GAP_AFTER_LOGIN and not is_held)
            ):
                thread = event.event_id
        if is_login(event) and event.session_ref is None:
            last_login = event.event_time
        yield thread


def _lies_in_brackets(stream: list[Event], place: int) -> bool:
    """Whether the mark before is a login and the next mark, this event included, an end."""
    before = [event for event in stream[:place] if is_login(event) or is_end(event)]
    after = [event for event in stream[place:] if is_login(event) or is_end(event)]
    return bool(before and after) and is_login(before[-1]) and is_end(after[0])


def _of_thread(
    stream: list[Event], threads: list[str], places: list[int], *, is_timeless: bool
) -> list[Session]:
    pieces: list[Session] = []
    last_place: int | None = None  # of the last event that lies in a session
    last_login: datetime | None = None
    is_bracketed = is_after_end = False
    for place in places:
        event = stream[place]
        is_cut = last_place is not None and (
            is_end(stream[last_place])
            or any(
                is_login(stream[other]) and threads[other] != threads[place]
                for other in range(last_place + 1, place)
            )
        )
        is_again = last_login is not None and event.event_time - last_login <= SAME_LOGIN
        is_new = last_place is None or is_cut or (is_login(event) and not is_again)
        opened_by_grade = is_passive(event) and not is_timeless
        if is_new:
            if opened_by_grade:
                continue
            is_bracketed = is_login(event)
            is_after_end = is_cut or (last_place is None and _follows_an_end(stream, place))
            pieces.append(_opened(event, is_bracketed, is_after_end, is_timeless))
        elif event.action != "TimedOut":
            assert last_place is not None
            gap = event.event_time - stream[last_place].event_time
            if gap > (GAP_AFTER_LOGIN if is_bracketed else GAP):
                if opened_by_grade:
                    continue
                pieces.append(_opened(event, is_bracketed, False, is_timeless))
            elif event.event_time > pieces[-1].cap_ends_at:
                pieces.append(replace(
                    pieces[-1], events=[], cap_ends_at=pieces[-1].cap_ends_at + CAP,
                    is_after_end=False, is_after_cap=True,
                ))  # fmt: skip
        pieces[-1].events.append(event)
        last_place = place
        last_login = event.event_time if is_login(event) else last_login
    return pieces


def _opened(event: Event, is_bracketed: bool, is_after_end: bool, is_timeless: bool) -> Session:
    return Session(
        event.student_ref, event.client_id, event.app_id, [],
        event.event_time + CAP, is_bracketed, is_after_end, is_timeless,
    )  # fmt: skip


def _follows_an_end(stream: list[Event], place: int) -> bool:
    """Whether the student's last own act before was an end, and not long ago."""
    before = [earlier for earlier in stream[:place] if not is_passive(earlier)]
    return (
        bool(before)
        and is_end(before[-1])
        and stream[place].event_time - before[-1].event_time <= GAP
    )


def _close(
    session: Session,
    following: Session | None,
    next_start: datetime | None,
    next_login: datetime | None,
    as_of: datetime,
) -> None:
    """When and why the session ended."""
    last = session.events[-1]
    limit = GAP_AFTER_LOGIN if session.is_bracketed else GAP
    tail = min(last.event_time + TAIL, next_start or datetime.max.replace(tzinfo=as_of.tzinfo))
    is_split = following is not None and _continues(following)
    is_capped = following is not None and following.is_after_cap
    if session.is_timeless:
        session.end_reason, session.ended_at = "inferred_idle", last.event_time
    elif session.is_orphan:
        session.end_reason, session.ended_at = "orphan", session.started_at
    elif last.action == "LoggedOut":
        session.end_reason, session.ended_at = "logged_out", last.event_time
    elif last.action == "TimedOut":
        active = [event for event in session.events if event.action != "TimedOut"]
        session.end_reason, session.ended_at = "timed_out", active[-1].event_time
    elif is_capped or min(tail, as_of) > session.cap_ends_at:
        session.end_reason, session.ended_at = "capped", session.cap_ends_at
    elif next_login is not None and next_login - last.event_time <= limit:
        session.end_reason, session.ended_at = "superseded", tail
    elif session.is_bracketed and is_split:
        session.end_reason, session.ended_at = "idle_split", tail
    elif as_of - last.event_time <= limit:
        session.end_reason = "open"
        session.ended_at = max(last.event_time, min(tail, as_of))
    else:
        session.end_reason, session.ended_at = "inferred_idle", tail


def _continues(following: Session) -> bool:
    """Whether a piece goes on with the same login rather than after an end or another login."""
    return following.is_bracketed and not is_login(following.events[0])

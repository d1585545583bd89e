"""Rules S1 to S4 and S7: which events make a session, and when and why it ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from tests.warehouse.oracle.session import Session, is_end, is_login, is_passive
from tests.warehouse.oracle.story import LONGEST, Event, Story

GAP = timedelta(minutes=30)
GAP_AFTER_LOGIN = timedelta(minutes=60)
TAIL = timedelta(seconds=60)
SAME_LOGIN = timedelta(seconds=30)
NEVER = datetime.max.replace(tzinfo=UTC)


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
    starts = [(each.events[0].place, each.started_at) for pieces in found for each in pieces]
    for pieces in found:
        for session, following in zip(pieces, [*pieces, None][1:], strict=True):
            last = session.events[-1]
            next_start = min(
                (start for place, start in starts if place > last.place), default=NEVER
            )
            next_login = next(
                (e.event_time for e in stream if e.place > last.place and is_login(e)), None
            )
            _close(session, following, next_start, next_login, as_of)
    return [session for pieces in found for session in pieces]


def _threads(stream: list[Event]) -> Iterator[str]:
    """The session that each event belongs to: the one that it names, else the one before it.

    Without a name a login opens another one, unless it is the same click once more; so does an
    event after an end, and one after a silence longer than any session allows of which later events
    state nothing. The silence between a login and its own logout is the session's, and a timeout
    always ends what went before.
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
            silence = _began(stream, place) - stream[place - 1].event_time
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
    for spell, is_cut in _spells(stream, threads, places):
        is_bracketed = is_login(spell[0])
        opened = [run if is_timeless else _from_its_opening(run) for run in _runs(spell)]
        for number, events in enumerate(filter(None, opened)):
            is_after_end = number == 0 and (
                is_cut or (not pieces and _follows_an_end(stream, stream.index(events[0])))
            )
            pieces += _capped(events, is_bracketed, is_after_end, is_timeless)
    return pieces


def _spells(
    stream: list[Event], threads: list[str], places: list[int]
) -> Iterator[tuple[list[Event], bool]]:
    """A thread from one login, end or other session's login to the next.

    Each with whether it follows an end of this session.
    """
    spell: list[Event] = []
    is_cut = False
    last_own: Event | None = None
    last_login: datetime | None = None
    for before, place in zip(places[:1] + places, places, strict=False):
        event = stream[place]
        is_ended = (last_own is not None and is_end(last_own)) or any(
            is_login(stream[other]) and threads[other] != threads[place]
            for other in range(before + 1, place)
        )
        is_again = last_login is not None and event.event_time - last_login <= SAME_LOGIN
        if spell and (is_ended or (is_login(event) and not is_again)):
            yield spell, is_cut
            spell, is_cut = [], is_ended
        spell.append(event)
        last_own = last_own if is_passive(event) else event
        last_login = event.event_time if is_login(event) else last_login
    yield spell, is_cut


def _runs(spell: list[Event]) -> list[list[Event]]:
    """A spell cut at its long gaps; a timeout ends what the student did before it.

    Time that an event states is no gap (ruling b).
    """
    limit = GAP_AFTER_LOGIN if is_login(spell[0]) else GAP
    runs: list[list[Event]] = [[spell[0]]]
    for place, event in enumerate(spell[1:], 1):
        if event.action == "TimedOut":
            own = [run for run in runs if not all(map(is_passive, run))]
            (own or runs)[-1].append(event)
        elif _began(spell, place) - spell[place - 1].event_time > limit:
            runs.append([event])
        else:
            runs[-1].append(event)
    return runs


def _began(events: list[Event], place: int) -> datetime:
    """When the first time begins that an event or one after it states; its own, if none does."""
    return min(event.stated_from for event in events[place:])


def _from_its_opening(run: list[Event]) -> list[Event]:
    """Without grades, and what software did, before the student's own first act or its time."""
    own = [place for place, event in enumerate(run) if not is_passive(event)]
    stated = [run[place].stated_from for place in own if run[place].duration_seconds]
    return [
        event
        for place, event in enumerate(run)
        if own and (place >= own[0] or any(begin <= event.event_time for begin in stated))
    ]


def _capped(
    events: list[Event], is_bracketed: bool, is_after_end: bool, is_timeless: bool
) -> Iterator[Session]:
    """A session, and another one whenever eight hours are over."""
    first = events[0]
    started_at = first.event_time
    if not is_timeless and not is_login(first):
        started_at = min(event.stated_from for event in events if not is_passive(event))
    session = Session(
        first.student_ref,
        first.client_id,
        first.app_id,
        [],
        started_at,
        started_at + LONGEST,
        is_bracketed,
        is_after_end,
        is_timeless,
    )
    for event in events:
        cap_ends_at = session.cap_ends_at
        while event.event_time > cap_ends_at and event.action != "TimedOut":
            cap_ends_at += LONGEST
        if cap_ends_at > session.cap_ends_at:
            yield session
            session = replace(
                session,
                events=[],
                started_at=event.event_time,
                cap_ends_at=cap_ends_at,
                is_after_end=False,
                is_after_cap=True,
            )
        session.events.append(event)
    yield session


def _follows_an_end(stream: list[Event], place: int) -> bool:
    """Whether the student's last own act before was an end, and not long ago."""
    before = [earlier for earlier in stream[:place] if not is_passive(earlier)]
    return (
        bool(before) and is_end(before[-1]) and _began(stream, place) - before[-1].event_time <= GAP
    )


def _close(
    session: Session,
    following: Session | None,
    next_start: datetime,
    next_login: datetime | None,
    as_of: datetime,
) -> None:
    """When and why the session ended."""
    last = session.events[-1]
    limit = GAP_AFTER_LOGIN if session.is_bracketed else GAP
    tail = max(last.event_time, min(last.event_time + TAIL, next_start))
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

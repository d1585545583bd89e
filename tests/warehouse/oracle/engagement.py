"""Rules E1 and E4: how long a view and a whole assessment took."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from tests.warehouse.oracle.session import Session
from tests.warehouse.oracle.story import Event, Story, seconds

MOST_VIEWED = timedelta(minutes=10)


def view_seconds(sessions: list[Session]) -> dict[tuple[str, str], float]:
    """By client and event: what was sent, else the time to the session's next event or its end."""
    found = {}
    for session in sessions:
        if session.time_quality == "none":
            continue
        following = [*session.events[1:], None]
        for event, after in zip(session.events, following, strict=True):
            if event.event_type != "ViewEvent":
                continue
            until = min(after.event_time, session.ended_at) if after else session.ended_at
            length = seconds(min(until - event.event_time, MOST_VIEWED))
            if event.duration_seconds is not None:
                length = seconds(event.event_time - event.stated_from)
            found[event.client_id, event.event_id] = length
    return found


def assessment_seconds(story: Story) -> dict[tuple[str, str], float]:
    """By client and first event: from an assessment's first event to its last, without pauses."""
    groups: dict[tuple[str | None, ...], list[Event]] = defaultdict(list)
    for event in story.events:
        if event.event_type == "AssessmentEvent":
            attempt = event.attempt_ref or event.generated_ref or event.object_ref
            key = (event.student_ref, event.client_id, event.app_id, event.lesson_ref, attempt)
            groups[key].append(event)
    found = {}
    for events in groups.values():
        length = events[-1].event_time - events[0].event_time
        for event, after in pairwise(events):
            if event.action == "Paused":
                length -= after.event_time - event.event_time
        found[events[0].client_id, events[0].event_id] = seconds(length)
    return found

"""What a student can do in a lesson, and how the day stands against the goal."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from tests.warehouse.oracle.gradebook import Result
from tests.warehouse.oracle.items import Answer
from tests.warehouse.oracle.story import Event, Story

STARTS = frozenset(
    {"ViewEvent", "AssignableEvent", "AssessmentEvent", "ActivityEvent", "AssessmentItemEvent"}
)


@dataclass(frozen=True)
class Evidence:
    """What one attempt shows: its scored items, else its score."""

    attempt: tuple[str, str]
    item_count: int
    scored_items: int
    ratio: float
    began_at: datetime
    at: datetime
    is_unfinished: bool
    is_submitted: bool
    is_graded_whole: bool

    @property
    def is_mastering(self) -> bool:
        """90 % on at least 5 items."""
        return not self.is_unfinished and self.item_count >= 5 and self.ratio >= 0.9

    @property
    def is_proficient(self) -> bool:
        """80 % of at least 3 scored items, or of a graded whole."""
        is_enough = self.is_graded_whole or self.scored_items >= 3
        return not self.is_unfinished and is_enough and self.ratio >= 0.8

    @property
    def calls_for_review(self) -> bool:
        """Below 70 %, and handed in or with 5 scored items."""
        return self.ratio < 0.7 and (self.is_submitted or self.scored_items >= 5)


@dataclass(frozen=True)
class Mastery:
    """One student in one lesson."""

    state: str
    first_mastered_at: datetime | None
    is_struggling: bool
    last_ten_count: int


def mastery(
    story: Story, answers: list[Answer], results: list[Result], going_on: Set[tuple[str, str]]
) -> dict[tuple[str, str], Mastery]:
    """By student and lesson, of those with any event.

    `going_on`: (client, event id) of the events in a session that is open.
    """
    events: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in story.events:
        if event.lesson_ref is not None:
            events[event.student_ref, event.lesson_ref].append(event)
    found = {}
    for (student_id, lesson_id), seen in events.items():
        items = sorted(
            (
                a
                for a in answers
                if a.is_scored
                and (a.event.student_ref, a.event.lesson_ref) == (student_id, lesson_id)
            ),
            key=lambda answer: answer.event.event_time,
        )
        own = [r for r in results if (r.student_id, r.lesson_id) == (student_id, lesson_id)]
        found[student_id, lesson_id] = _judge(seen, items, _evidence(items, own, going_on))
    return found


def _evidence(
    items: list[Answer], results: list[Result], going_on: Set[tuple[str, str]]
) -> list[Evidence]:
    found = []
    whole = [r for r in results if not r.is_xp]
    keys = {(a.event.client_id, a.attempt_key, a.assessed_ref) for a in items}
    for key in keys | {(r.client_id, r.attempt_key, r.assessed_ref) for r in whole}:
        of_attempt = [r for r in whole if (r.client_id, r.attempt_key, r.assessed_ref) == key]
        own = [a for a in items if (a.event.client_id, a.attempt_key, a.assessed_ref) == key]
        began = [r.events[0].event_time for r in of_attempt] or [own[0].event.event_time]
        graded = [r for r in of_attempt if _ratio(r) is not None]
        if own:
            count, ratio = len(own), sum(bool(a.is_correct) for a in own) / len(own)
            at = own[-1].event.event_time
        elif graded:
            result = max(graded, key=lambda r: (r.score_type == "SCORE", r.events[-1].event_time))
            count, ratio, at = _questions(result), _ratio(result) or 0, result.events[-1].event_time
        else:
            continue
        found.append(
            Evidence(
                attempt=(key[1], key[2]),
                item_count=count,
                scored_items=len(own),
                ratio=min(max(ratio, 0), 1),
                began_at=min(began),
                at=at,
                is_unfinished=bool(of_attempt) and all(_goes_on(r, going_on) for r in of_attempt),
                is_submitted=any(r.is_submitted for r in of_attempt),
                is_graded_whole=any(r.scored or r.counts for r in of_attempt),
            )
        )
    return sorted(found, key=lambda evidence: (evidence.at, evidence.attempt))


def _questions(result: Result) -> int:
    """Of how many questions the whole was."""
    if result.counts is not None:
        return result.counts[1]
    return result.scored[-1].question_count or 1


def _goes_on(result: Result, going_on: Set[tuple[str, str]]) -> bool:
    """Begun, neither handed in nor scored, and the student is still at it."""
    last = result.events[-1]
    return (
        any(e.is_of_whole and e.action == "Started" for e in result.events)
        and not result.is_submitted
        and result.score is None
        and (last.client_id, last.event_id) in going_on
    )


def _ratio(result: Result) -> float | None:
    if result.percent is not None:
        return result.percent / 100
    if not result.scored:
        return None
    last = result.scored[-1]
    if last.question_count and last.correct_count is not None:
        return last.correct_count / last.question_count
    return None


def _judge(events: list[Event], items: list[Answer], attempts: list[Evidence]) -> Mastery:
    moments = [a.at for a in attempts if a.is_mastering]
    moments += _mastered_by_items(items)
    first = min(moments, default=None)
    failed = [a for a in attempts if first and a.began_at > first and a.calls_for_review]
    needs_review = False
    if failed:
        since = failed[-1].at
        later = [a for a in items if a.event.event_time > since]
        again = any(a.is_mastering and a.at > since for a in attempts)
        needs_review = not again and not _mastered_by_items(later)
    last_ten = [bool(a.is_correct) for a in items][-10:]
    recent = sum(last_ten) / len(last_ten) if last_ten else 0
    if needs_review:
        state = "needs_review"
    elif first is not None:
        state = "mastered"
    elif any(a.is_proficient for a in attempts) or (
        len(items) >= 5 and recent >= 0.8 and len(_sessions(items[-10:])) >= 2
    ):
        state = "proficient"
    elif attempts:
        state = "practicing"
    elif any(event.event_type in STARTS for event in events):
        state = "started"
    else:
        state = "not_started"
    is_stuck = len(items) >= 3 and not any(last_ten[-3:])
    is_struggling = state != "mastered" and (is_stuck or (len(items) >= 12 and recent < 0.5))
    return Mastery(state, first, is_struggling, len(last_ten))


def _sessions(items: list[Answer]) -> set[str]:
    return {answer.session for answer in items if answer.session}


def _mastered_by_items(items: list[Answer]) -> list[datetime]:
    """When the last ten items were 90 % right, of at least 5, over at least 2 sessions."""
    moments = []
    for end in range(1, len(items) + 1):
        window = items[max(end - 10, 0) : end]
        right = sum(bool(answer.is_correct) for answer in window)
        if len(window) >= 5 and right >= 0.9 * len(window) and len(_sessions(window)) >= 2:
            moments.append(window[-1].event.event_time)
    return moments

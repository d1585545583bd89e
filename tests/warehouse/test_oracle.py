"""The marts against an independent reading of the rules, for students whom nobody planned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from tests.warehouse import invented
from tests.warehouse.conftest import Warehouse
from tests.warehouse.oracle import clock, engagement, goals, gradebook, items, ledger, mastery
from tests.warehouse.oracle.sessions import Session, sessions
from tests.warehouse.oracle.story import Story

pytestmark = pytest.mark.timeout(900)

CASES = 150
MOST_SHOWN = 12

Rows = Mapping[Any, Any]


@dataclass(frozen=True)
class Told:
    """What the oracle says of every student, and the warehouse that was built of the same."""

    story: Story
    sessions: list[Session]
    counted: Mapping[Any, tuple[float, float]]
    entries: list[ledger.Entry]
    session_of: Mapping[tuple[str, str], str]
    answers: list[items.Answer]
    results: list[gradebook.Result]
    warehouse: Warehouse


@pytest.fixture(scope="module")
def told(shared_warehouse: Warehouse) -> Told:
    cases = [invented.case(seed) for seed in range(CASES)]
    shared_warehouse.load([row for each in cases for row in each.rows], invented.roster(cases))
    shared_warehouse.build(as_of=invented.AS_OF)
    story = invented.story(cases)
    by_student = _by_student(story)
    found = [session for part in by_student for session in sessions(part)]
    counted = clock.counted_seconds(story, found)
    session_of = {
        (event.client_id, event.event_id): name(session)
        for session in found
        for event in session.events
    }
    answers = [answer for part in by_student for answer in items.answers(part, session_of)]
    results = [
        result for part in by_student for result in gradebook.results(part, answers, session_of)
    ]
    entries = ledger.entries(story, found, counted)
    return Told(story, found, counted, entries, session_of, answers, results, shared_warehouse)


def _by_student(story: Story) -> list[Story]:
    students = dict.fromkeys(event.student_ref for event in story.events)
    return [
        replace(story, events=tuple(e for e in story.events if e.student_ref == student))
        for student in students
    ]


def name(session: Session) -> str:
    """A session by the event that began it."""
    return f"{session.client_id}/{session.events[0].event_id}"


def compare(said: Rows, built: Rows) -> None:
    """Row by row; shows the first differences."""
    differences = [
        f"{key}\n    rules {said.get(key, '(no row)')}\n    marts {built.get(key, '(no row)')}"
        for key in sorted(said.keys() | built.keys(), key=str)
        if said.get(key, "(no row)") != built.get(key, "(no row)")
    ]
    shown = "\n".join(differences[:MOST_SHOWN])
    assert not differences, f"{len(differences)} of {len(said)} rows differ\n{shown}"


def instant(value: datetime) -> float:
    """Seconds since 1970."""
    return value.timestamp()


def rounded(value: float | None) -> float | None:
    """To the millisecond."""
    return None if value is None else round(value, 3)


def test_sessions(told: Told) -> None:
    said = {}
    for session in told.sessions:
        own = clock.own_seconds(session)
        said[session.student_id, name(session)] = (
            session.app_id, instant(session.started_at), instant(session.ended_at),
            session.end_reason, session.is_implicit, session.is_post_logout,
            session.time_quality, len(session.events),
            *([rounded(value) for value in own] if own else [None, None]),
        )  # fmt: skip
    built = {
        (student, f"{client}/{first}"): (
            app, instant(began), instant(ended), *rest, rounded(active), rounded(idle)
        )
        for student, client, first, app, began, ended, *rest, active, idle in told.warehouse.rows(
            "select student_id, client_id, first_event_id, app_id, started_at, ended_at,"
            " end_reason, is_implicit, is_post_logout, time_quality, event_count,"
            " active_seconds, idle_seconds from lake.marts.fct_sessions"
        )
    }  # fmt: skip
    compare(said, built)


def test_counted_seconds(told: Told) -> None:
    said = {key: tuple(map(rounded, value)) for key, value in told.counted.items()}
    built = {
        (student, app, day): (rounded(active), rounded(idle))
        for student, app, day, active, idle in told.warehouse.rows(
            "select student_id, app_id, local_on, sum(active_seconds), sum(idle_seconds)"
            " from lake.marts.agg_student_day_lesson__activity group by all"
            " having sum(active_seconds) + sum(idle_seconds) > 0"
        )
    }
    compare(said, built)


def test_ledger(told: Told) -> None:
    said = {
        (entry.source.event_id, entry.kind): (
            entry.xp, entry.earned_on, instant(entry.credited_for.event_time),
            entry.enrollment_id, entry.review_reason,
        )
        for entry in told.entries
    }  # fmt: skip
    built = {
        (event_id, kind): (xp, day, instant(earned_at), *rest)
        for event_id, kind, xp, day, earned_at, *rest in told.warehouse.rows(
            "select source_event_id, kind, xp, earned_on, earned_at, enrollment_id, review_reason"
            " from lake.marts.fct_xp_ledger"
        )
    }
    compare(said, built)


def _attempt(told: Told, key: str) -> str:
    """An attempt's key with the session by its first event."""
    names = {
        f"session:{session_id}": f"session:{client}/{first}"
        for session_id, client, first in told.warehouse.rows(
            "select session_id, client_id, first_event_id from lake.marts.fct_sessions"
        )
    }
    return names.get(key, key)


def test_item_responses(told: Told) -> None:
    said = {
        answer.event.event_id: (
            answer.item_ref, answer.attempt_key, answer.is_scored, answer.is_correct,
            answer.score, answer.most,
        )
        for answer in told.answers
    }  # fmt: skip
    keys = _keys(told)
    built = {
        event_id: (item if item not in keys else keys[item], keys.get(key, key), *rest)
        for event_id, item, key, *rest in told.warehouse.rows(
            "select source_event_id, item_ref, attempt_key, is_scored, is_correct, score_given,"
            " max_score from lake.marts.fct_item_responses"
        )
    }
    compare(said, built)


def _keys(told: Told) -> dict[str, str]:
    """What the warehouse calls an attempt that is a session, in the oracle's words."""
    return {
        f"session:{session_id}": f"session:{client}/{first}"
        for session_id, client, first in told.warehouse.rows(
            "select session_id, client_id, first_event_id from lake.marts.fct_sessions"
        )
    }


def test_assessment_results(told: Told) -> None:
    said = {
        (
            result.student_id, result.lesson_id, result.assessed_ref, result.score_type,
            result.attempt_key,
        ): (rounded(result.score), rounded(result.percent), result.status)
        for result in told.results
    }  # fmt: skip
    keys = _keys(told)
    built = {
        (student, lesson, assessed, score_type, keys.get(key, key)): (
            rounded(score), rounded(percent), status,
        )
        for student, lesson, assessed, score_type, key, score, percent, status
        in told.warehouse.rows(
            "select results.student_id, results.lesson_id, assessed_ref, results.score_type,"
            " attempt_key, score_given, score_percent, score_status"
            " from lake.marts.fct_assessment_results as results"
            " inner join lake.marts.dim_line_items using (line_item_id)"
        )
    }  # fmt: skip
    compare(said, built)


def test_mastery(told: Told) -> None:
    said = {
        key: (
            state.state,
            instant(state.first_mastered_at) if state.first_mastered_at else None,
            state.is_struggling,
        )
        for key, state in mastery.mastery(told.story, told.answers, told.results).items()
    }
    built = {
        (student, lesson): (state, instant(first) if first else None, is_struggling)
        for student, lesson, state, first, is_struggling in told.warehouse.rows(
            "select student_id, lesson_id, mastery_state, first_mastered_at, is_struggling"
            " from lake.marts.fct_lesson_mastery where last_activity_at is not null"
        )
    }
    compare(said, built)


def test_daily_goals(told: Told) -> None:
    built = {
        (student, day): (goal, earned, status, streak)
        for student, day, goal, earned, status, streak in told.warehouse.rows(
            "select student_id, local_on, coalesce(goal_xp, 0), earned_xp, status, streak_days"
            " from lake.marts.fct_daily_goals where subject = 'All'"
        )
    }
    said = {}
    for student in {student for student, _ in built}:
        judged = [day for other, day in built if other == student]
        for day, found in goals.days(
            told.story, student, told.entries, min(judged), max(judged)
        ).items():
            said[student, day] = (found.goal_xp, found.earned_xp, found.status, found.streak)
    compare(said, built)


def test_time_of_views_and_assessments(told: Told) -> None:
    said = engagement.view_seconds(told.sessions) | engagement.assessment_seconds(told.story)
    built = {
        (client, event_id): rounded(length)
        for client, event_id, length in told.warehouse.rows(
            "select client_id, source_event_id, seconds from lake.marts.fct_engagement"
            " where fact_type in ('view', 'assessment')"
        )
    }
    compare({key: rounded(value) for key, value in said.items()}, built)

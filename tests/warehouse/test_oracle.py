"""The marts against an independent reading of the rules, for students whom nobody planned."""

from datetime import date, datetime

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.oracle import clock, engagement, goals, mastery, off_track
from tests.warehouse.told import Told, compare, name, tell

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def told(shared_warehouse: Warehouse) -> Told:
    return tell(shared_warehouse)


def instant(value: datetime) -> float:
    """Seconds since 1970."""
    return value.timestamp()


def rounded(value: float | None) -> float | None:
    """To the millisecond."""
    return None if value is None else round(value, 3)


def test_the_invented_students_reach_every_branch(told: Told) -> None:
    judged = mastery.mastery(told.story, told.answers, told.results, _going_on(told))
    assert {session.end_reason for session in told.sessions} == {
        "logged_out",
        "timed_out",
        "orphan",
        "superseded",
        "idle_split",
        "capped",
        "open",
        "inferred_idle",
    }
    assert {session.time_quality for session in told.sessions} == {
        "measured",
        "bracketed",
        "inferred",
        "none",
    }
    assert {entry.review_reason for entry in told.entries} == {
        None,
        "over_240_in_event",
        "over_active_time",
    }
    assert {entry.enrollment_id is None for entry in told.entries} == {True, False}
    assert {result.status for result in told.results} == {
        "not submitted",
        "submitted",
        "partially graded",
        "fully graded",
    }
    assert {state.state for state in judged.values()} == {
        "not_started",
        "started",
        "practicing",
        "proficient",
        "mastered",
        "needs_review",
    }
    assert any(state.is_struggling for state in judged.values())
    assert {
        event.event_type for result in told.results if result.counts for event in result.events
    } > {"AssessmentEvent", "ActivityEvent"}


def test_sessions(told: Told) -> None:
    said = {}
    for session in told.sessions:
        own = clock.own_seconds(session)
        said[session.student_id, name(session)] = (
            session.app_id,
            instant(session.started_at),
            instant(session.ended_at),
            session.end_reason,
            session.is_implicit,
            session.is_post_logout,
            session.end_reason == "capped",
            session.time_quality,
            len(session.events),
            *([rounded(value) for value in own] if own else [None, None]),
        )
    built = {
        (student, f"{client}/{first}"): (
            app,
            instant(began),
            instant(ended),
            *rest,
            rounded(active),
            rounded(idle),
        )
        for student, client, first, app, began, ended, *rest, active, idle in told.warehouse.rows(
            "select student_id, client_id, first_event_id, app_id, started_at, ended_at,"
            " end_reason, is_implicit, is_post_logout, is_flagged, time_quality, event_count,"
            " active_seconds, idle_seconds from lake.marts.fct_sessions"
        )
    }
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


def test_seconds_of_a_client(told: Told) -> None:
    counted = clock.client_seconds(told.story, told.sessions)
    said = {key: tuple(map(rounded, value)) for key, value in counted.items()}
    built = {
        (student, client, day): (rounded(active), rounded(idle))
        for student, client, day, active, idle in told.warehouse.rows(
            "select student_id, client_id, local_on, sum(client_active_seconds),"
            " sum(client_idle_seconds) from lake.marts.agg_student_day_lesson__activity"
            " group by all having sum(client_active_seconds) + sum(client_idle_seconds) > 0"
        )
    }
    compare(said, built)
    alone = sum(sum(clock.own_seconds(session) or (0, 0)) for session in told.sessions)
    together = sum(active + idle for active, idle in counted.values())
    assert together < alone - 60  # some client had two apps open at once


def test_ledger(told: Told) -> None:
    said = {
        (entry.source.event_id, entry.kind): (
            entry.xp,
            entry.earned_on,
            instant(entry.credited_for.event_time),
            entry.enrollment_id,
            entry.review_reason,
            entry.review_xp,
            rounded(entry.review_active_minutes),
        )
        for entry in told.entries
    }
    built = {
        (event_id, kind): (xp, day, instant(earned_at), *rest, rounded(minutes))
        for event_id, kind, xp, day, earned_at, *rest, minutes in told.warehouse.rows(
            "select source_event_id, kind, xp, earned_on, earned_at, enrollment_id, review_reason,"
            " review_xp, review_active_minutes from lake.marts.fct_xp_ledger"
        )
    }
    compare(said, built)


def test_item_responses(told: Told) -> None:
    said = {
        answer.event.event_id: (
            answer.item_ref,
            answer.attempt_key,
            answer.is_scored,
            answer.is_correct,
            answer.score,
            answer.most,
        )
        for answer in told.answers
    }
    keys = _keys(told)
    built = {
        event_id: (keys.get(item, item), keys.get(key, key), *rest)
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
            result.student_id,
            result.lesson_id,
            result.assessed_ref,
            result.score_type,
            result.attempt_key,
        ): (
            rounded(result.score),
            rounded(result.percent),
            result.status,
            result.score is None and not result.is_submitted,
        )
        for result in told.results
    }
    keys = _keys(told)
    rows = told.warehouse.rows(
        "select results.student_id, results.lesson_id, assessed_ref, results.score_type,"
        " attempt_key, score_given, score_percent, score_status, is_in_progress"
        " from lake.marts.fct_assessment_results as results"
        " inner join lake.marts.dim_line_items using (line_item_id)"
    )
    built = {
        (*names, keys.get(key, key)): (rounded(score), rounded(percent), status, is_in_progress)
        for *names, key, score, percent, status, is_in_progress in rows
    }
    compare(said, built)


def _going_on(told: Told) -> set[tuple[str, str]]:
    """The events of sessions that are still open."""
    return {
        (event.client_id, event.event_id)
        for session in told.sessions
        if session.end_reason == "open"
        for event in session.events
    }


def test_mastery(told: Told) -> None:
    judged = mastery.mastery(told.story, told.answers, told.results, _going_on(told))
    said = {
        key: (
            state.state,
            instant(state.first_mastered_at) if state.first_mastered_at else None,
            state.is_struggling,
            state.last_ten_count,
        )
        for key, state in judged.items()
    }
    built = {
        (student, lesson): (state, instant(first) if first else None, *rest)
        for student, lesson, state, first, *rest in told.warehouse.rows(
            "select student_id, lesson_id, mastery_state, first_mastered_at, is_struggling,"
            " last_ten_count from lake.marts.fct_lesson_mastery where last_activity_at is not null"
        )
    }
    compare(said, built)


def test_daily_goals(told: Told) -> None:
    built = {
        (student, subject, day): (goal, earned, status, streak)
        for student, subject, day, goal, earned, status, streak in told.warehouse.rows(
            "select student_id, subject, local_on, coalesce(goal_xp, 0), earned_xp, status,"
            " streak_days from lake.marts.fct_daily_goals"
        )
    }
    said = {}
    for student in {student for student, _, _ in built}:
        judged = [day for other, _, day in built if other == student]
        for subject in (None, *told.story.subjects.values()):
            for day, found in goals.days(
                told.story, student, subject, told.entries, min(judged), max(judged)
            ).items():
                said[student, subject or "All", day] = (
                    found.goal_xp,
                    found.earned_xp,
                    found.status,
                    found.streak,
                )
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


def test_off_track_flags(told: Told) -> None:
    today = told.story.day(told.story.as_of)
    judged = mastery.mastery(told.story, told.answers, told.results, _going_on(told))
    first_days: dict[str, date] = dict(
        told.warehouse.rows(
            "select student_id, min(local_on) from lake.marts.fct_daily_goals group by all"
        )
    )
    said = {}
    for student in {e.student_id for e in told.story.enrollments if e.holds_on(today)}:
        days = goals.days(told.story, student, None, told.entries, first_days[student], today)
        for reason, evidence in off_track.reasons(
            told.story, student, days, told.answers, told.entries, told.counted, judged
        ).items():
            said[student, *reason] = evidence
    assert {reason for _, reason, _ in said} == {
        "no_events",
        "goal_missed",
        "low_accuracy",
        "idle",
        "struggling_lesson",
        "xp_review",
    }
    built = {
        (student, reason, lesson): evidence
        for student, reason, lesson, evidence in told.warehouse.rows(
            "select student_id, reason, lesson_id, evidence_count"
            " from lake.marts.fct_off_track_flags"
        )
    }
    compare(said, built)

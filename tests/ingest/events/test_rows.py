"""From the journal to the raw tables: each column says what core/raw_schema.sql promises."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import duckdb
import msgspec
import pytest

from core import lake
from core.settings import Settings
from ingest.events.door import judge
from ingest.events.examples import ENVELOPE, EXAMPLES
from ingest.events.request import open_request
from ingest.events.rows import decode_requests
from tests.ingest.events.conftest import Change

NOW = datetime(2026, 1, 16, 12, tzinfo=UTC)
RECEIPT = UUID("6b1c9d1e-7c55-4f0a-8f43-9f2b2f0c5a01")
BOT = {"id": "bot", "type": "SoftwareApplication"}
PLACE = {"course": {"id": "c"}, "lesson": {"id": "l"}}


def load(*events: Any, client_id: str = "tb-1", seq: int = 1) -> list[tuple[Any, ...]]:
    """A journal row of one envelope, judged as the door would."""
    body = json.dumps({**ENVELOPE, "data": events}).encode()
    refusals = msgspec.json.encode(judge(open_request(body), NOW).refusals)
    return [(seq, RECEIPT, client_id, NOW, refusals, body)]


def columns(event: dict[str, Any]) -> dict[str, Any]:
    """The columns that one event fills."""
    [row] = decode_requests(load(event))[0].to_pylist()
    return dict(row)


@pytest.fixture(scope="module")
def raw(install: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    assert install.database_url is not None
    with lake.open_duckdb(install) as connection:
        lake.attach(connection, install, install.database_url)
        yield connection


@pytest.mark.parametrize(("table", "position"), [("events", 0), ("rejections", 1)])
def test_the_lake_takes_the_columns_as_they_are(
    raw: duckdb.DuckDBPyConnection, table: str, position: int
) -> None:
    batch = decode_requests(load(*EXAMPLES.values(), {"id": "bad"}))[position]
    wanted = raw.execute(f"select * exclude (load_id) from lake.raw.{table} limit 0")
    assert set(batch.column_names) == {column[0] for column in wanted.description or ()}
    raw.register("batch", batch)
    given = dict(raw.execute("select column_name, column_type from (describe batch)").fetchall())
    types = raw.execute(f"select column_name, column_type from (describe lake.raw.{table})")
    assert given == {name: kind for name, kind in types.fetchall() if name != "load_id"}
    raw.execute(f"insert into lake.raw.{table} by name select 1::bigint as load_id, * from batch")
    found = raw.execute(f"select distinct receipt_id, received_at from lake.raw.{table}")
    assert found.fetchall() == [(RECEIPT, NOW)]


def test_an_event_keeps_its_arrival_and_its_text() -> None:
    events, rejections = decode_requests(
        load(EXAMPLES["GradeEvent"], {"id": "urn:uuid:bad", "type": "GradeEvent"}, seq=7)
    )
    [event], [rejection] = events.to_pylist(), rejections.to_pylist()
    assert (event["journal_seq"], event["event_index"], event["client_id"]) == (7, 0, "tb-1")
    assert event["payload"] == json.dumps(EXAMPLES["GradeEvent"])
    assert event["event_id"] == EXAMPLES["GradeEvent"]["id"].removeprefix("urn:uuid:")
    assert (rejection["journal_seq"], rejection["event_index"]) == (7, 1)
    assert (rejection["event_id"], rejection["event_type"]) == ("bad", "GradeEvent")
    assert (rejection["reason"], rejection["path"]) == ("missing_actor", "$.data[1].actor")


def test_the_hash_is_of_client_and_id_in_either_spelling(change: Change) -> None:
    same = [change(id="x"), change(id="urn:uuid:x"), change(id="URN:UUID:x", action="Graded")]
    first, *others = decode_requests(load(*same))[0]["event_hash"].to_pylist()
    assert others == [first, first]
    [elsewhere] = decode_requests(load(same[0], client_id="tb-2"))[0]["event_hash"].to_pylist()
    [other_id] = decode_requests(load(change(id="y")))[0]["event_hash"].to_pylist()
    assert len({first, elsewhere, other_id}) == 3


def test_the_day_is_that_of_the_event_in_utc(change: Change) -> None:
    found = columns(change(eventTime="2026-01-15T23:30:00.1234567-05:00"))
    assert found["day"] == date(2026, 1, 16)
    assert found["event_time"] == datetime(2026, 1, 16, 4, 30, 0, 123457, UTC)
    described = columns({"id": "p", "type": "Person"})
    assert (described["event_time"], described["day"]) == (None, NOW.date())
    assert not described["is_processed"]


@pytest.mark.parametrize(
    ("members", "student"),
    [
        ({"actor": "s"}, "s"),
        ({"actor": {"id": "s", "type": "Person"}, "object": {"assignee": "t"}}, "s"),
        ({"actor": BOT, "object": {"assignee": {"id": "s"}}}, "s"),
        ({"actor": BOT, "object": {"user": "s"}}, "s"),
        ({"actor": BOT, "object": "a", "session": {"id": "x", "user": "s"}}, "s"),
        ({"actor": BOT, "object": "a", "session": "x"}, None),
        ({"actor": BOT, "type": "ViewEvent", "action": "Viewed", "object": {"user": "s"}}, "bot"),
        (
            {
                "actor": BOT,
                "type": "SessionEvent",
                "action": "TimedOut",
                "object": {"id": "x", "type": "Session", "user": "s"},
            },
            "s",
        ),
    ],
)
def test_whom_an_event_is_about(
    members: dict[str, Any], student: str | None, change: Change
) -> None:
    assert columns(change(**members))["student_ref"] == student


@pytest.mark.parametrize(
    "made",
    [
        {
            "items": [
                {"type": "correctQuestions", "value": 4},
                {"type": "totalQuestions", "value": 5},
                {"type": "xpEarned", "value": 3},
            ],
            "attempt": 2,
        },
        {
            "items": [
                {"metricType": "TotalQuestions", "metricValue": 5},
                "?",
                {"metricType": "CorrectQuestions", "metricValue": 4},
            ]
        },
        {"extensions": {"totalQuestions": 5, "correctQuestions": 4}},
    ],
)
def test_an_activity_says_how_many_questions_were_right(
    made: dict[str, Any], change: Change
) -> None:
    sent = change("AssessmentEvent", type="ActivityEvent", action="Completed", generated=made)
    found = columns(sent)
    assert found["is_processed"]
    assert (found["event_type"], found["action"]) == ("ActivityEvent", "Completed")
    assert (found["question_count"], found["correct_count"]) == (5, 4)
    assert (found["score_given"], found["attempt_ref"]) == (None, None)
    assert not columns(sent | {"generated": {"items": []}, "extensions": {}})["is_processed"]


@pytest.mark.parametrize(
    ("extensions", "thing", "course"),
    [
        ({"course": {"id": "x"}}, {"course": "o"}, "x"),
        ({}, {"course": "o", "isPartOf": {"id": "p", "type": "CourseSection"}}, "p"),
        ({}, {"course": "o", "isPartOf": {"id": "p", "type": "Chapter"}}, "o"),
        ({}, {"course": {"id": "o"}}, "o"),
        ({}, {}, None),
    ],
)
def test_the_course_that_an_event_names(
    extensions: dict[str, Any], thing: dict[str, Any], course: str | None, change: Change
) -> None:
    lesson = {"lesson": {"id": "l"}}
    sent = change("SessionEvent", extensions=extensions | lesson, object={"id": "t"} | thing)
    assert columns(sent)["course_ref"] == course


def test_a_session_is_sent_or_is_the_object(change: Change) -> None:
    assert columns(change(session={"id": "x"}))["session_ref"] == "x"
    assert columns(change(session="urn:tag:auto-attach"))["session_ref"] is None
    ended = {"id": "x", "type": "Session"}
    timed_out = change("SessionEvent", action="TimedOut", object=ended, session=...)
    assert columns(timed_out)["session_ref"] == "x"
    attached = change(
        "SessionEvent", action="TimedOut", object=ended, session={"id": "urn:tag:auto-attach"}
    )
    assert columns(attached)["session_ref"] == "x"


@pytest.mark.parametrize(
    ("thing", "made", "attempt", "part"),
    [
        ("o", {"attempt": {"id": "a", "isPartOf": {"id": "p"}}}, "a", "p"),
        ("o", {"attempt": "a"}, "a", None),
        ({"id": "a", "type": "Attempt", "isPartOf": "p"}, {"attempt": "a"}, "a", "p"),
        ({"id": "b", "type": "Attempt", "isPartOf": "p"}, {"attempt": "a"}, "a", None),
        ({"id": "a", "type": "Attempt"}, None, "a", None),
        ("o", {"id": "a", "type": "Attempt", "isPartOf": "p"}, "a", "p"),
        ({"id": "o", "type": "Assessment"}, {"id": "g", "type": "Score"}, None, None),
    ],
)
def test_which_attempt(
    thing: Any, made: Any, attempt: str | None, part: str | None, change: Change
) -> None:
    found = columns(change(object=thing, generated=made))
    assert (found["attempt_ref"], found["attempt_part_ref"]) == (attempt, part)


@pytest.mark.parametrize(
    "members",
    [
        {"generated": {"scoreType": "xp", "scoreGiven": 0, "maxScore": 5}},
        {"generated": {"extensions": {"scoreType": "Xp", "scoreGiven": 0, "maxScore": 5}}},
        {
            "generated": None,
            "extensions": {**PLACE, "scoreType": "XP ", "scoreGiven": 0, "maxScore": 5},
        },
        {"generated": None, "scoreType": "XP", "scoreGiven": 0, "maxScore": 5},
        {"generated": {"scoreType": "xp", "scoreGiven": 0}, "object": {"maxScore": 5}},
        {
            "generated": {"scoreType": "xp", "scoreGiven": 0, "maxScore": 5},
            "scoreGiven": 9,
            "extensions": {**PLACE, "scoreType": "SCORE", "scoreGiven": 8, "maxScore": 9},
        },
    ],
)
def test_a_score_stands_in_four_places_and_the_first_counts(
    members: dict[str, Any], change: Change
) -> None:
    found = columns(change(**members))
    assert (found["score_type"], found["score_given"], found["max_score"]) == ("XP", 0.0, 5.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (90, 90.0),
        (1.5, 1.5),
        (0, 0.0),
        (-1, None),
        ("PT1M30S", 90.0),
        ("P1DT1H", 90_000.0),
        ("PT0.5S", 0.5),
        ("P2W", 1_209_600.0),
        ("P1M", None),
        ("PT", None),
        ("P", None),
        ("90", None),
        (True, None),
        ({}, None),
        ("PT" + "9" * 400 + "S", None),
    ],
)
def test_time_on_task(value: Any, seconds: float | None, change: Change) -> None:
    for name in ("duration", "durationSeconds"):
        event = change("ViewEvent", extensions={**PLACE, name: value})
        assert columns(event)["duration_seconds"] == seconds
    made = change("AssessmentEvent", generated={"duration": value})
    assert columns(made)["duration_seconds"] == seconds


def test_a_length_is_no_time_on_task(change: Change) -> None:
    video = change("ViewEvent", object={"id": "v", "duration": "PT9M"}, extensions=PLACE)
    assert columns(video)["duration_seconds"] is None
    session = change("SessionEvent", session={"id": "x", "duration": "PT9M"})
    assert columns(session)["duration_seconds"] is None


def test_answers(change: Change) -> None:
    found = columns(EXAMPLES["AssessmentItemEvent"])
    assert (found["is_correct"], found["question_count"]) == (True, None)
    found = columns(EXAMPLES["AssessmentEvent"])
    assert (found["question_count"], found["correct_count"]) == (5, 4)
    odd = {**PLACE, "correct": "maybe", "totalQuestions": 1.5, "correctQuestions": -1}
    found = columns(change("AssessmentEvent", extensions=odd))
    assert [found[name] for name in ("is_correct", "question_count", "correct_count")] == [None] * 3

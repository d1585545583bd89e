"""What the door refuses, and in which words; what it lets pass, and with which warnings."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import MalformedError
from ingest.events.door import Verdict, judge
from ingest.events.examples import CONTEXT, ENVELOPE, EXAMPLES
from ingest.events.refusals import ACTIONS
from ingest.events.request import open_request
from tests.ingest.events.conftest import Change

NOW = datetime(2026, 1, 16, tzinfo=UTC)
STANDARD = Path(__file__).parents[3].parent / "shared/fixtures/caliper-1.2"
SOFTWARE = {"id": "https://reader.example.org/grader", "type": "SoftwareApplication"}


def verdicts(body: bytes) -> list[Verdict]:
    return judge(open_request(body), NOW).verdicts


def verdict(event: dict[str, Any]) -> Verdict:
    [found] = verdicts(json.dumps({"@context": CONTEXT} | event).encode())
    return found


@pytest.mark.parametrize("event_type", EXAMPLES)
def test_the_examples_pass_without_a_warning(event_type: str) -> None:
    found = verdict(EXAMPLES[event_type])
    assert (found.status, found.warnings) == ("queued", [])


@pytest.mark.parametrize(("event_type", "actions"), ACTIONS.items())
def test_each_action_of_a_type_passes(
    event_type: str, actions: tuple[str, ...], change: Change
) -> None:
    for action in actions:
        assert verdict(change(event_type, action=action)).status == "queued"


@pytest.mark.parametrize(
    ("name", "code"),
    [("id", "id"), ("actor", "actor"), ("action", "action"), ("eventTime", "event_time")],
)
def test_what_every_event_needs(name: str, code: str, change: Change) -> None:
    for absent in (..., None):
        found = verdict(change(**{name: absent}))
        assert (found.reason, found.path) == (f"missing_{code}", f"$.{name}")
        assert found.message is not None
        assert "missing" in found.message
    found = verdict(change(**{name: 5}))
    assert (found.reason, found.path) == (f"invalid_{code}", f"$.{name}")


def test_an_event_without_a_type_is_refused(change: Change) -> None:
    assert verdict(change(type=...)).reason == "missing_type"
    assert verdict(change(type="")).reason == "invalid_type"
    assert verdict(change(type=5)).reason == "invalid_type"


@pytest.mark.parametrize("event_id", ["", " ", "urn:uuid:", "URN:UUID: "])
def test_an_empty_id_is_refused(event_id: str, change: Change) -> None:
    found = verdict(change(id=event_id))
    assert (found.status, found.reason, found.id) == ("rejected", "invalid_id", None)


@pytest.mark.parametrize("actor", ["", {}, {"id": ""}, {"id": None}, {"id": 5}, ["a"], True])
def test_an_actor_without_an_id_is_refused(actor: Any, change: Change) -> None:
    assert verdict(change(actor=actor)).reason == "invalid_actor"


def test_an_action_of_another_type_is_refused_with_the_legal_ones(change: Change) -> None:
    found = verdict(change("AssessmentItemEvent", action="Graded"))
    assert (found.reason, found.path) == ("illegal_action", "$.action")
    assert found.message == (
        "'Graded' is no action of AssessmentItemEvent; send one of Started, Skipped, Completed."
    )


@pytest.mark.parametrize("event_type", ["GradeEvent", "ForumEvent"])
@pytest.mark.parametrize("action", [5, True, [], {}])
def test_an_action_that_is_no_word_is_malformed(
    event_type: str, action: Any, change: Change
) -> None:
    found = verdict(change(type=event_type, action=action))
    assert (found.reason, found.path) == ("invalid_action", "$.action")
    assert found.message == 'action is malformed; send what was done, such as "Graded".'


@pytest.mark.parametrize("action", ["", "x" * 3000])
def test_an_empty_or_endless_action_of_another_type_sinks_no_other_event(
    action: str, change: Change
) -> None:
    odd = change(type="ForumEvent", action=action)
    data = [EXAMPLES["GradeEvent"], odd, EXAMPLES["SessionEvent"]]
    found = verdicts(json.dumps({**ENVELOPE, "data": data}).encode())
    assert [item.reason for item in found] == [None, "invalid_action", None]
    assert found[1].path == "$.data[1].action"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"id": " "}, ("invalid_id", "$.id", "id must not be empty.")),
        ({"id": "x" * 3000}, ("invalid_id", "$.id", "id is malformed; send the event's own id")),
        ({"type": ""}, ("invalid_type", "$.type", "type is malformed; send the event type")),
        ({"actor": ""}, ("invalid_actor", "$.actor", "actor must not be empty.")),
        ({"actor": {"id": " "}}, ("invalid_actor", "$.actor.id", "actor must not be empty.")),
        ({"actor": {"id": 5}}, ("invalid_actor", "$.actor.id", "actor.id is malformed; send who")),
        ({"eventTime": "noon"}, ("invalid_event_time", "$.eventTime", "send an RFC 3339 time")),
        (
            {"eventTime": "1999-01-01T00:00:00Z"},
            ("event_time_too_old", "$.eventTime", "eventTime is before 2000-01-01."),
        ),
        (
            {"eventTime": "2027-01-01T00:00:00Z"},
            ("event_time_in_future", "$.eventTime", "check the sender's clock"),
        ),
        (
            {"object": {"isPartOf": {"isPartOf": 5}}},
            ("invalid_field", "$.object.isPartOf.isPartOf", "Expected `str | object | null`"),
        ),
        ({"extensions": []}, ("invalid_field", "$.extensions", "Expected `object | null`")),
        ({"scoreGiven": "5"}, ("invalid_score", "$.scoreGiven", "must be a finite JSON number")),
        ({"odd": "\0"}, ("invalid_character", "$", "NUL or half a surrogate pair")),
        ({"odd": int("9" * 400)}, ("number_out_of_range", "$", "too large for a double")),
        ({"odd": json.loads("[" * 90 + "]" * 90)}, ("nested_too_deep", "$", "more than 64 levels")),
        (
            {"object": "x", "extensions": {"lesson": "l"}},
            ("missing_course", "$.extensions.course.id", "No course: add extensions.course.id"),
        ),
        (
            {"object": "x", "extensions": {}},
            ("missing_course", "$.extensions.course.id", "; also add extensions.lesson.id"),
        ),
        (
            {"object": "x", "extensions": {"course": "c"}},
            ("missing_lesson", "$.extensions.lesson.id", "No lesson: add extensions.lesson.id"),
        ),
    ],
)
def test_a_refusal_has_a_path_and_says_what_to_mend(
    members: dict[str, Any], expected: tuple[str, str, str], change: Change
) -> None:
    reason, path, words = expected
    found = verdict(change(**members))
    assert (found.status, found.reason, found.path) == ("rejected", reason, path)
    assert words in str(found.message)


def test_nesting_at_the_edge_of_what_is_read_is_refused_as_any_other() -> None:
    """However deep the caller stands: near the interpreter's own limit too."""
    for depth in range(850, 1000):
        text = json.dumps(EXAMPLES["GradeEvent"]).replace(
            '"id":', f'"odd": {"[" * depth + "]" * depth}, "id":', 1
        )
        try:
            [found] = verdicts(text.encode())
        except MalformedError as error:
            assert error.reason == "nested_too_deep"  # noqa: PT017  either is right
        else:
            assert found.reason == "nested_too_deep"


@pytest.mark.parametrize("score", ["5", "", True, [], {}, "NaN"])
@pytest.mark.parametrize("name", ["scoreGiven", "maxScore"])
def test_a_score_that_is_no_number_is_refused_wherever_it_stands(
    score: Any, name: str, change: Change
) -> None:
    made, place = EXAMPLES["GradeEvent"]["generated"], EXAMPLES["GradeEvent"]["extensions"]
    for path, members in {
        f"$.generated.{name}": {"generated": {**made, name: score}},
        f"$.generated.extensions.{name}": {"generated": {**made, "extensions": {name: score}}},
        f"$.extensions.{name}": {"extensions": {**place, name: score}},
        f"$.{name}": {name: score},
    }.items():
        found = verdict(change(**members))
        assert (found.reason, found.path) == ("invalid_score", path)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_a_number_beyond_a_double_is_refused(number: str) -> None:
    text = json.dumps(EXAMPLES["GradeEvent"])
    [found] = verdicts(text.replace('"scoreGiven": 4', f'"scoreGiven": {number}').encode())
    assert found.reason == "invalid_score"
    [found] = verdicts(text.replace('"id":', f'"other": {number}, "id":', 1).encode())
    assert found.reason == "number_out_of_range"


@pytest.mark.parametrize(
    "event_time",
    [
        "2026-01-15T15:00:00Z",
        "2026-01-15T15:00:00.1Z",
        "2026-01-15t15:00:00.123456789z",
        "2026-01-15T15:00:00+05:45",
        "2026-01-16T23:59:59Z",
        "2026-01-15T15:00:00-00:00",
    ],
)
def test_times_that_pass(event_time: str, change: Change) -> None:
    assert verdict(change(eventTime=event_time)).status == "queued"


@pytest.mark.parametrize(
    "event_time",
    [
        "2026-01-15T15:00:00",
        "2026-01-15",
        "15:00",
        "",
        "2026-02-30T00:00:00Z",
        1768489200,
        "2026-01-15T25:00:00Z",
        "2026-01-15T15:00Z",
        "20260115T150000Z",
        {},
        True,
    ],
)
def test_times_that_are_no_rfc_3339(event_time: Any, change: Change) -> None:
    found = verdict(change(eventTime=event_time))
    assert (found.reason, found.path) == ("invalid_event_time", "$.eventTime")


def test_times_out_of_bounds(change: Change) -> None:
    day = timedelta(hours=24)
    assert verdict(change(eventTime=(NOW + day).isoformat())).status == "queued"
    ahead = (NOW + day + timedelta(microseconds=1)).isoformat()
    assert verdict(change(eventTime=ahead)).reason == "event_time_in_future"
    assert verdict(change(eventTime="1999-12-31T23:59:59Z")).reason == "event_time_too_old"
    assert verdict(change(eventTime="0001-01-01T00:00:00+05:00")).reason == "event_time_too_old"
    assert verdict(change(eventTime="9999-12-31T23:59:59-05:00")).reason == "event_time_in_future"
    old = (NOW - 400 * day).isoformat()
    assert verdict(change(eventTime=old)).warnings == []
    older = (NOW - 400 * day - timedelta(seconds=1)).isoformat()
    assert verdict(change(eventTime=older)).warnings == ["older_than_400_days"]


@pytest.mark.parametrize("event_type", [name for name in EXAMPLES if name != "SessionEvent"])
def test_course_and_lesson_are_needed(event_type: str, change: Change) -> None:
    course = {"course": {"id": "reading-6"}}
    bare = {"object": "x", "generated": None}
    found = verdict(change(event_type, **bare, extensions=...))
    assert (found.reason, found.path) == ("missing_course", "$.extensions.course.id")
    found = verdict(change(event_type, **bare, extensions=course))
    assert (found.reason, found.path) == ("missing_lesson", "$.extensions.lesson.id")
    for lesson in ("l", {"id": "l"}):
        extensions = {"course": "reading-6", "lesson": lesson}
        assert verdict(change(event_type, **bare, extensions=extensions)).status == "queued"


@pytest.mark.parametrize(
    ("thing", "extensions", "reason"),
    [
        ({"id": "o", "isPartOf": {"id": "c", "type": "CourseSection"}}, {}, "missing_lesson"),
        ({"id": "o", "isPartOf": "c"}, {}, "missing_lesson"),
        ({"id": "o", "isPartOf": "c"}, {"lesson": "l"}, None),
        ({"id": "o", "isPartOf": "l"}, {"course": "c"}, None),
        (
            {"id": "o", "isPartOf": {"id": "a", "type": "Assessment"}},
            {"lesson": "l"},
            "missing_course",
        ),
        ({"id": "o", "isPartOf": {"id": "a", "type": "Assessment"}}, {"course": "c"}, None),
        ({"id": "o", "course": {"id": "c"}, "assignable": "l"}, {}, None),
        ({"id": "o", "assignable": {"isPartOf": {"id": "l"}}}, {"course": "c"}, None),
        ({"id": "o", "type": "Attempt", "isPartOf": "a"}, {"lesson": "l"}, "missing_course"),
    ],
)
def test_other_places_for_course_and_lesson(
    thing: dict[str, Any], extensions: dict[str, Any], reason: str | None, change: Change
) -> None:
    event = change("ViewEvent", object=thing, extensions=extensions)
    assert verdict(event).reason == reason


def test_a_session_event_needs_neither(change: Change) -> None:
    found = verdict(change("SessionEvent", extensions=...))
    assert (found.status, found.warnings) == ("queued", ["missing_course", "missing_lesson"])


def test_software_that_grades_must_say_whom(change: Change) -> None:
    assert verdict(change(actor=SOFTWARE)).warnings == ["missing_student"]
    named = change(actor=SOFTWARE, object={"id": "a", "assignee": "s"})
    assert verdict(named).warnings == []


def test_a_grade_without_score_or_type_is_kept_with_a_warning(change: Change) -> None:
    assert verdict(change(generated=None)).warnings == ["missing_score", "missing_score_type"]


def activity(**members: Any) -> dict[str, Any]:
    """An activity as the platform's SDK reports it, with a lesson."""
    metrics = {"totalQuestions": 5, "correctQuestions": 4, "xpEarned": 3}
    return {
        "id": "1",
        "type": "ActivityEvent",
        "profile": "TimebackProfile",
        "action": "Completed",
        "actor": {"id": "s", "type": "TimebackUser"},
        "eventTime": "2026-01-15T15:00:00Z",
        "object": {"id": "a", "type": "TimebackActivityContext", "process": True},
        "generated": {
            "id": "g",
            "type": "TimebackActivityMetricsCollection",
            "attempt": 2,
            "items": [{"type": name, "value": value} for name, value in metrics.items()],
        },
        "extensions": {"course": {"id": "c"}, "lesson": {"id": "l"}},
        **members,
    }


def test_an_activity_whose_questions_are_counted_is_taken() -> None:
    found = verdict(activity())
    assert (found.status, found.warnings) == ("queued", [])


@pytest.mark.parametrize(
    "event",
    [
        {
            "id": "1",
            "type": "ActivityEvent",
            "actor": "s",
            "action": "Completed",
            "eventTime": "2026-01-15T15:00:00Z",
            "generated": [{"type": "xpEarned", "value": "x"}],
        },
        activity(extensions={"course": "c"}),
        activity(generated={"items": [{"type": "totalQuestions", "value": 5}]}),
        activity(generated={"items": "many"}),
        activity(object={"id": "a", "process": False}),
        {"id": "p", "type": "Person"},
    ],
)
def test_other_events_and_entities_are_kept_unprocessed(event: dict[str, Any]) -> None:
    found = verdict(event)
    assert (found.status, found.warnings) == ("queued", ["unprocessed_type"])


def test_another_event_must_be_a_whole_one() -> None:
    assert verdict({"id": "1", "type": "ForumEvent"}).reason == "missing_actor"
    assert verdict({"id": "1", "type": "Oddity", "actor": "s"}).reason == "missing_action"


@pytest.mark.skipif(not STANDARD.is_dir(), reason="the standard's samples are not here")
@pytest.mark.parametrize("path", sorted(STANDARD.glob("*.json")), ids=lambda path: path.stem)
def test_the_standards_samples(path: Path) -> None:
    """None names a course or lesson: what needs one is refused for that alone."""
    sent = json.loads(path.read_bytes())
    now = datetime(2017, 11, 16, tzinfo=UTC)
    for item, found in zip(
        sent.get("data", [sent]), judge(open_request(path.read_bytes()), now).verdicts, strict=True
    ):
        needs_place = item["type"] in EXAMPLES and item["type"] != "SessionEvent"
        assert found.id == item["id"]
        assert found.reason == ("missing_course" if needs_place else None)


def test_one_envelope_holds_every_kind() -> None:
    data = [EXAMPLES["SessionEvent"], 5, None, "x", [], {}, EXAMPLES["GradeEvent"]]
    found = verdicts(json.dumps({**ENVELOPE, "data": data}).encode())
    reasons = [item.reason for item in found]
    refused = ["not_an_event"] * 4 + ["missing_id"]
    assert reasons == [None, *refused, None]
    assert [item.path for item in found][1:6] == [f"$.data[{index}]" for index in range(1, 5)] + [
        "$.data[5].id"
    ]

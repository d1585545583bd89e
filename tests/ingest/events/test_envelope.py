"""What is refused as a whole, of which nothing is kept."""

from typing import Any

import pytest
from msgspec.json import encode

from core.errors import AppError
from ingest.events.examples import ENVELOPE, EXAMPLES
from ingest.events.request import MOST_EVENTS, open_request

GRADE = EXAMPLES["GradeEvent"]


NOT_JSON: tuple[str, str, list[str]] = ("not_json", "The body is not JSON", [])
NEITHER = ("not_an_envelope", "neither a Caliper envelope nor an event", ["$"])
NO_OBJECT = ("not_an_envelope", "must be a JSON object", ["$"])
NO_ARRAY = ("not_an_envelope", "The envelope's data is not an array", ["$.data"])


def refusal(body: bytes) -> AppError:
    with pytest.raises(AppError) as caught:
        open_request(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b"{'a': 1}", NOT_JSON),
        (b'{"data": [NaN]}', NOT_JSON),
        (b'{"data": ["\xff"]}', ("not_json", "The body is not UTF-8", [])),
        (b'{"data": ["a\x00b"]}', NOT_JSON),
        (b"[]", NO_OBJECT),
        (b"null", NO_OBJECT),
        (b"[" * 100_000 + b"]" * 100_000, NO_OBJECT),
        (b"{}", NEITHER),
        (b'{"hello": "world"}', NEITHER),
        (b'{"data": {}}', NO_ARRAY),
        (b'{"data": {"0": {"id": "e"}}}', NO_ARRAY),
        (encode({**ENVELOPE, "data": {"0": GRADE}}), NO_ARRAY),
        (encode({**GRADE, "data": {}}), NO_ARRAY),
        (b'{"data": "events"}', NO_ARRAY),
        (b'{"data": 5}', NO_ARRAY),
        (b'{"data": null}', NO_ARRAY),
        (
            b'{"data": []}',
            ("incomplete_envelope", "lacks", ["$.sensor", "$.sendTime", "$.dataVersion"]),
        ),
        (
            b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            ("nested_too_deep", "The body is nested too deep", []),
        ),
    ],
)
def test_what_is_no_envelope_is_400_and_told_why(
    body: bytes, expected: tuple[str, str, list[str]]
) -> None:
    reason, words, paths = expected
    error = refusal(body)
    assert (error.status, error.reason) == (400, reason)
    assert words in error.detail
    assert [fault.path for fault in error.faults] == paths
    if reason == "not_an_envelope":
        assert "array of events" in error.faults[0].message


@pytest.mark.parametrize("name", ["sensor", "sendTime", "dataVersion"])
@pytest.mark.parametrize("value", [None, "", ...])
def test_a_missing_member_of_the_envelope_is_400_and_named(name: str, value: Any) -> None:
    members = {**ENVELOPE, name: value}
    error = refusal(encode({key: item for key, item in members.items() if item is not ...}))
    assert (error.status, error.reason) == (400, "incomplete_envelope")
    assert [fault.path for fault in error.faults] == [f"$.{name}"]


@pytest.mark.parametrize(("name", "value"), [("sensor", 5), ("sendTime", "today"), ("sendTime", 5)])
def test_a_malformed_member_of_the_envelope_is_400(name: str, value: Any) -> None:
    assert refusal(encode({**ENVELOPE, name: value})).reason == "incomplete_envelope"


def test_an_envelope_without_events_is_400() -> None:
    error = refusal(encode({**ENVELOPE, "data": []}))
    assert (error.status, error.reason) == (400, "empty_data")
    assert error.detail == "The envelope's data is empty."
    assert [fault.path for fault in error.faults] == ["$.data"]


def test_more_events_than_the_limit_are_413() -> None:
    error = refusal(encode({**ENVELOPE, "data": [1] * (MOST_EVENTS + 1)}))
    assert (error.status, error.reason) == (413, "too_many_events")
    assert f"send at most {MOST_EVENTS} at a time" in error.detail


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("version", ["v1p2", "v1p1"])
def test_supported_versions(scheme: str, version: str) -> None:
    context = f"{scheme}://purl.imsglobal.org/ctx/caliper/{version}"
    assert open_request(encode({**ENVELOPE, "dataVersion": context})).is_envelope
    for sent in (context, [{"q": "http://schema.org/query"}, context]):
        request = open_request(encode({**GRADE, "@context": sent}))
        assert not request.is_envelope
        assert len(request.events) == 1


@pytest.mark.parametrize(
    "version", ["http://purl.imsglobal.org/ctx/caliper/v1p0", "1.2", 5, ["x"], "v1p2"]
)
def test_other_versions_are_422(version: Any) -> None:
    for body, name, path in (
        ({**ENVELOPE, "dataVersion": version}, "dataVersion", "$.dataVersion"),
        ({**GRADE, "@context": version}, "@context", "$['@context']"),
    ):
        error = refusal(encode(body))
        assert (error.status, error.reason) == (422, "unsupported_data_version")
        assert error.detail == f"This {name} is not supported."
        assert [fault.path for fault in error.faults] == [path]


def test_a_bare_event_without_a_context_is_422() -> None:
    bare = {name: value for name, value in GRADE.items() if name != "@context"}
    assert refusal(encode(bare)).reason == "unsupported_data_version"

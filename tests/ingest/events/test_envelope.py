"""What is refused as a whole, of which nothing is kept."""

from typing import Any

import pytest
from msgspec.json import encode

from core.errors import AppError
from ingest.events.examples import ENVELOPE, EXAMPLES
from ingest.events.request import MOST_EVENTS, open_request

GRADE = EXAMPLES["GradeEvent"]


def refusal(body: bytes) -> AppError:
    with pytest.raises(AppError) as caught:
        open_request(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"data": [NaN]}', "not_json"),
        (b'{"data": ["\xff"]}', "not_json"),
        (b'{"data": ["a\x00b"]}', "not_json"),
        (b"[]", "not_an_envelope"),
        (b"null", "not_an_envelope"),
        (b"{}", "not_an_envelope"),
        (b'{"hello": "world"}', "not_an_envelope"),
        (b'{"data": {}}', "not_an_envelope"),
        (b'{"data": null}', "not_an_envelope"),
        (b'{"data": []}', "incomplete_envelope"),
        (b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested_too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "not_an_envelope"),
    ],
)
def test_what_is_no_envelope_is_400(body: bytes, reason: str) -> None:
    error = refusal(body)
    assert (error.status, error.reason) == (400, reason)


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


def test_more_events_than_the_limit_are_413() -> None:
    error = refusal(encode({**ENVELOPE, "data": [1] * (MOST_EVENTS + 1)}))
    assert (error.status, error.reason) == (413, "too_many_events")


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
    error = refusal(encode({**ENVELOPE, "dataVersion": version}))
    assert (error.status, error.reason) == (422, "unsupported_data_version")
    error = refusal(encode({**GRADE, "@context": version}))
    assert (error.status, error.reason) == (422, "unsupported_data_version")


def test_a_bare_event_without_a_context_is_422() -> None:
    bare = {name: value for name, value in GRADE.items() if name != "@context"}
    assert refusal(encode(bare)).reason == "unsupported_data_version"

"""POST /events/1.0 as a partner meets it."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
import zstandard
from fastapi.testclient import TestClient

from ingest.events.examples import ENVELOPE, EXAMPLES

Read = Callable[[str], tuple[int, Any, bytes] | None]
SESSION, GRADE = EXAMPLES["SessionEvent"], EXAMPLES["GradeEvent"]
BAD = {**GRADE, "id": "bad", "eventTime": "yesterday"}


def envelope(*events: Any) -> dict[str, Any]:
    return {**ENVELOPE, "data": list(events)}


@pytest.mark.parametrize(
    "path", ["/events/1.0", "/events/1.0/", "/caliper/v1p2", "/caliper/event/"]
)
def test_an_envelope_is_stored_before_the_answer(
    partner: TestClient, journalled: Read, path: str
) -> None:
    sent = json.dumps(ENVELOPE).encode()
    answer = partner.post(path, content=sent, follow_redirects=False)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (6, 0)
    assert [event["id"] for event in body["events"]] == [event["id"] for event in EXAMPLES.values()]
    assert {event["status"] for event in body["events"]} == {"queued"}
    kept = journalled(body["receiptId"])
    assert kept == (6, None, sent)


def test_session_events_alone_are_200(partner: TestClient) -> None:
    assert partner.post("/events/1.0", json=envelope(SESSION, SESSION)).status_code == 200
    assert partner.post("/events/1.0", json=SESSION).status_code == 200
    assert partner.post("/events/1.0", json=envelope(SESSION, GRADE)).status_code == 202


def test_one_bad_event_does_not_sink_the_rest(partner: TestClient, journalled: Read) -> None:
    body = partner.post("/events/1.0", json=envelope(GRADE, BAD)).json()
    assert (body["accepted"], body["rejected"]) == (1, 1)
    good, bad = body["events"]
    assert good["status"] == "queued"
    assert bad | {"message": ""} == {
        "index": 1,
        "id": "bad",
        "status": "rejected",
        "reason": "invalid_event_time",
        "path": "$.data[1].eventTime",
        "message": "",
        "warnings": [],
    }
    assert "2026-01-31T09:30:00.000Z" in bad["message"]
    kept = journalled(body["receiptId"])
    assert kept is not None
    assert [(item["index"], item["reason"]) for item in kept[1]] == [(1, "invalid_event_time")]


def test_verbose_false_leaves_accepted_events_out(partner: TestClient) -> None:
    answer = partner.post("/events/1.0?verbose=false", json=envelope(GRADE, BAD, GRADE))
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (2, 1)
    assert [event["index"] for event in body["events"]] == [1]


def test_no_acceptable_event_is_422_with_the_same_body(
    partner: TestClient, journalled: Read
) -> None:
    answer = partner.post("/events/1.0", json=envelope(BAD, 5))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (0, 2)
    assert [event["reason"] for event in body["events"]] == ["invalid_event_time", "not_an_event"]
    assert [item["path"] for item in body["imsx_error_details"]] == [
        "$.data[0].eventTime",
        "$.data[1]",
    ]
    kept = journalled(body["receiptId"])
    assert kept is not None
    assert kept[0] == 2


def test_compressed_bodies_are_read(partner: TestClient, journalled: Read) -> None:
    plain = json.dumps(ENVELOPE).encode()
    packed = {
        "gzip": gzip.compress(plain[:100]) + gzip.compress(plain[100:]),
        "zstd": zstandard.compress(plain),
        "identity": plain,
    }
    for encoding, body in packed.items():
        headers = {"Content-Encoding": encoding, "Content-Type": "application/ld+json"}
        answer = partner.post("/events/1.0", content=body, headers=headers)
        assert answer.status_code == 202, encoding
        kept = journalled(answer.json()["receiptId"])
        assert kept is not None
        assert kept[2] == plain


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"Content-Type": "text/csv"}, b"{}", 415, "unsupported_media_type"),
        ({"Content-Encoding": "br"}, b"{}", 415, "unsupported_content_encoding"),
        ({"Content-Encoding": "gzip"}, b"{}", 400, "not_compressed"),
        (
            {"Content-Encoding": "gzip"},
            gzip.compress(b"{}" * 99, mtime=0)[:-9],
            400,
            "not_compressed",
        ),
        ({"Content-Encoding": "zstd"}, b"{}", 400, "not_compressed"),
        (
            {"Content-Encoding": "gzip"},
            gzip.compress(b" " * 5_000_001, mtime=0),
            413,
            "body_too_large",
        ),
        ({"Content-Encoding": "zstd"}, zstandard.compress(b" " * 10**8), 413, "body_too_large"),
        ({}, b" " * 5_000_001, 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    partner: TestClient, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = partner.post("/events/1.0", content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:timeback:error:{code}")


def test_a_body_without_a_content_type_is_read(partner: TestClient) -> None:
    assert partner.post("/events/1.0", content=json.dumps(GRADE).encode()).status_code == 202


def test_who_sends_is_asked_before_the_body_is_read(partner: TestClient) -> None:
    partner.headers.clear()
    answer = partner.post("/events/1.0", content=b"nonsense", headers={"Content-Type": "x/y"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_without_the_scope_is_403(
    partner: TestClient, token: Callable[[list[str]], str]
) -> None:
    headers = {"Authorization": f"Bearer {token(['events.readonly'])}"}
    answer = partner.post("/events/1.0", json=ENVELOPE, headers=headers)
    assert answer.status_code == 403
    assert 'scope="events.write"' in answer.headers["www-authenticate"]


def test_the_reference_shows_one_schema_for_each_event_type(partner: TestClient) -> None:
    document = partner.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    content = document["paths"]["/events/1.0"]["post"]["requestBody"]["content"]
    for name, example in EXAMPLES.items():
        schema = schemas[f"Caliper{name}"]
        assert schema["properties"]["type"]["enum"] == [name]
        assert example["action"] in schema["properties"]["action"]["enum"]
        assert content["application/json"]["examples"][name]["value"] == example
    text = json.dumps(document)
    references = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert references <= set(schemas)

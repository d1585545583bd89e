"""Small bodies and addresses that would grow large, deep or odd inside: refused where they come."""

import gzip
import json
import time
from typing import Any

import httpx
import pytest
import zstandard

from ingest.events.examples import ENVELOPE, EXAMPLES
from tests.attacks.conftest import Server, assert_refused

EVENTS = "/events/1.0/"
COURSE = "/rostering/1.0/courses/bomb"
JSON_TYPE = {"Content-Type": "application/json"}
GRADE = json.dumps(EXAMPLES["GradeEvent"])


def grade(odd: str) -> bytes:
    """A GradeEvent with an odd member."""
    return GRADE.replace("{", '{"odd": ' + odd + ", ", 1).encode()


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_compressed_bomb_is_not_unpacked(
    partner: httpx.Client, encoding: str, layers: int
) -> None:
    compress = gzip.compress if encoding == "gzip" else zstandard.ZstdCompressor().compress
    bomb = b" " * 200_000_000
    for _ in range(layers):
        bomb = compress(bomb)
    begun = time.monotonic()
    answer = partner.post(EVENTS, content=bomb, headers={**JSON_TYPE, "Content-Encoding": encoding})
    assert_refused(
        answer, 413 if layers == 1 else 400
    )  # a bomb in a bomb is unpacked once: no JSON
    assert time.monotonic() - begun < 5


def test_a_zstd_frame_that_wants_a_huge_window_is_refused(partner: httpx.Client) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    frame = compressor.compress(b"{" * 1_000) + compressor.flush()
    answer = partner.post(EVENTS, content=frame, headers={**JSON_TYPE, "Content-Encoding": "zstd"})
    assert_refused(answer, 400)


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
ODD_BODIES = {
    "deep objects": DEEP,
    "deep lists": b"[" * 1_000_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "no UTF-8": b'{"title": "\xff\xfe"}',
    "NUL byte": b'{"title": "a\x00b"}',
    "cut off": b'{"title": "a',
    "a list": b"[1]",
    "nothing but a number": b"1e999",
}


@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES)
@pytest.mark.parametrize(("method", "path"), [("POST", EVENTS), ("PUT", COURSE)])
def test_a_body_that_is_no_record_is_refused(
    partner: httpx.Client, method: str, path: str, body: bytes
) -> None:
    assert_refused(partner.request(method, path, content=body, headers=JSON_TYPE), 400, 422)


ODD_CREDENTIALS = (
    b'{"client_id": "\\ud800"}',
    b'{"client_id": "a\\u0000", "client_secret": "\\udfff"}',
)


@pytest.mark.parametrize("body", [*ODD_BODIES.values(), *ODD_CREDENTIALS])
def test_a_token_request_that_is_none_is_refused(partner: httpx.Client, body: bytes) -> None:
    answer = partner.post("/auth/1.0/token", content=body, headers=JSON_TYPE)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.parametrize(
    "form",
    [
        b"grant_type=client_credentials&client_id=%00&client_secret=x",
        b"grant_type=client_credentials&client_id=%ED%A0%80&client_secret=x",
        b"grant_type=client_credentials&client_id=%FF&client_secret=%FF",
        b"a=b&" * 4_000,
        b"\xff\xfe=1",
    ],
)
def test_a_form_that_holds_no_text_is_refused(partner: httpx.Client, form: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = partner.post("/auth/1.0/token", content=form, headers=kind)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("1e999", "number_out_of_range"),
        ("-1e999", "number_out_of_range"),
        ("9" * 5_000, "number_out_of_range"),
        (r'"\u0000"', "invalid_character"),
        (r'"\ud800"', "invalid_character"),
        ("[" * 200 + "]" * 200, "nested_too_deep"),
    ],
)
def test_an_odd_event_is_refused_alone(partner: httpx.Client, odd: str, reason: str) -> None:
    assert_refused(alone := partner.post(EVENTS, content=grade(odd), headers=JSON_TYPE), 422)
    assert alone.json()["events"][0]["reason"] == reason
    body = json.dumps({**ENVELOPE, "data": []}).encode()
    mixed = body.replace(b"[]", b"[" + grade(odd) + b", " + GRADE.encode() + b"]")
    verdicts = partner.post(EVENTS, content=mixed, headers=JSON_TYPE).json()["events"]
    assert [verdict["reason"] for verdict in verdicts] == [reason, None]


@pytest.mark.parametrize(
    "odd", ["1e999", "9" * 5_000, r'"\u0000"', r'"\ud800"', "[" * 99 + "]" * 99]
)
def test_an_odd_record_is_refused(partner: httpx.Client, odd: str) -> None:
    body = b'{"title": "T", "metadata": {"odd": ' + odd.encode() + b"}}"
    assert_refused(partner.put(COURSE, content=body, headers=JSON_TYPE), 400)


def test_many_keys_and_many_events_take_bounded_time(partner: httpx.Client) -> None:
    keys = json.dumps({"title": "T", "metadata": {f"k{n}": n for n in range(200_000)}})
    begun = time.monotonic()
    assert_refused(partner.put(COURSE, content=keys, headers=JSON_TYPE), 413)
    many = json.dumps({"courses": [{"title": "T"}, json.loads(keys)]})
    assert_refused(partner.post("/rostering/1.0/courses", content=many, headers=JSON_TYPE), 413)
    envelope = json.dumps({**ENVELOPE, "data": [{}] * 10_001})
    assert_refused(partner.post(EVENTS, content=envelope, headers=JSON_TYPE), 413)
    assert time.monotonic() - begun < 10


FILTERS = {
    "deep": "(" * 1_900 + "title='a'" + ")" * 1_900,
    "wide": " AND ".join(["title='a'"] * 300),
    "too many": " AND ".join(["title='a'"] * 60),
    "endless": "title='" + "a" * 10_000,
    "like a regex": "title~'" + "(a+)+" * 50 + "$'",
    "unclosed": "title='a' AND (",
    "dots": "title" + ".a" * 1_500 + "='x'",
    "number": "title='" + "9" * 3_000 + "'",
    "exponent": "sortOrder>'1e999999999'",
    "path": "title.\"';drop='x'",
}


@pytest.mark.parametrize("text", FILTERS.values(), ids=FILTERS)
def test_a_filter_bomb_is_answered_at_once(partner: httpx.Client, text: str) -> None:
    begun = time.monotonic()
    answer = partner.get("/rostering/1.0/courses", params={"filter": text})
    assert answer.status_code in (200, 400, 414), answer.text[:300]
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("text", ["%00", "a%00b"])
@pytest.mark.parametrize("name", ["filter", "sort", "fields", "limit", "nothing"])
def test_nul_in_a_query_is_refused(partner: httpx.Client, name: str, text: str) -> None:
    assert_refused(partner.get(f"/rostering/1.0/courses?{name}={text}"), 400)


def test_what_was_refused_is_nowhere(server: Server, partner: httpx.Client) -> None:
    assert_refused(partner.get(COURSE), 404)
    stored: list[tuple[Any, ...]] = server.rows(
        "select count(*) from registry.records where payload::text like %s", "%odd%"
    )
    assert stored == [(0,)]

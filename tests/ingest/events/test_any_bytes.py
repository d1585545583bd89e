"""No bytes make a fault of ours: door and loader agree on whatever is sent."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MalformedError, UnacceptableError
from ingest.events.door import Judgement, judge
from ingest.events.examples import ENVELOPE, EXAMPLES
from ingest.events.request import open_request
from ingest.events.rows import decode_requests

NOW = datetime(2026, 1, 16, tzinfo=UTC)
RECEIPT = UUID(int=1)
ODD = st.sampled_from(
    [None, True, "", "x", "\0", 5, -1, 1.5, 10**30, [], {}, ["x"], {"id": 5}, {"id": "x"}]
)


def take(body: bytes) -> tuple[Judgement, int, int] | None:
    """Judge a body and load it; None if it was refused as a whole."""
    try:
        judgement = judge(open_request(body), NOW)
    except (MalformedError, UnacceptableError):
        return None
    refusals = msgspec.json.encode(judgement.refusals) if judgement.refusals else None
    events, rejections = decode_requests([(1, RECEIPT, "c", NOW, refusals, body)])
    for text in (events["payload"], rejections["payload"], events["event_id"]):
        text.validate(full=True)
    return judgement, events.num_rows, rejections.num_rows


def agree(body: bytes) -> None:
    taken = take(body)
    if taken is not None:
        judgement, events, rejections = taken
        assert rejections == len(judgement.refusals)
        assert events + rejections == len(judgement.verdicts)
        msgspec.json.encode(judgement.verdicts)


@given(st.binary(max_size=60))
def test_any_bytes(body: bytes) -> None:
    agree(body)
    agree(b'{"sensor":"s","sendTime":"2026-01-01T00:00:00Z","data":[' + body + b"]}")


@settings(max_examples=300)
@given(st.data())
def test_an_example_with_odd_members(data: st.DataObject) -> None:
    event: Any = deepcopy(data.draw(st.sampled_from(list(EXAMPLES.values()))))
    for _ in range(data.draw(st.integers(1, 3))):
        target = event
        while nested := [value for value in target.values() if isinstance(value, dict)]:
            if data.draw(st.booleans()):
                break
            target = data.draw(st.sampled_from(nested))
        names = [*target, "isPartOf", "assignable", "scoreGiven", "duration", "correct", "type"]
        target[data.draw(st.sampled_from(names))] = deepcopy(data.draw(ODD))
    agree(json.dumps(event).encode())
    agree(json.dumps({**ENVELOPE, "data": [event, EXAMPLES["ViewEvent"]]}).encode())


@settings(max_examples=300)
@given(st.data())
def test_an_example_with_a_byte_changed(data: st.DataObject) -> None:
    body = bytearray(json.dumps({**ENVELOPE, "data": [EXAMPLES["GradeEvent"]]}).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    agree(bytes(body))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r'"\ud800"', "invalid_character"),
        (r'"\udc00\ud800"', "invalid_character"),
        (r'"\\\ud83d"', "invalid_character"),
        (r'"\u0000"', "invalid_character"),
        (r'{"\u0000": 1}', "invalid_character"),
        (r'"\\u0000"', None),
        (r'"\\ud800"', None),
        (r'"\ud83d\ude00"', None),
        ("9" * 4000, "number_out_of_range"),
        ("1e400", "number_out_of_range"),
        ("[" * 500 + "]" * 500, "nested_too_deep"),
        ("[" * 20 + "]" * 20, None),
    ],
)
def test_odd_values_are_refused_alone(text: str, reason: str | None) -> None:
    good = json.dumps(EXAMPLES["GradeEvent"])
    odd = good.replace('"id":', f'"odd": {text}, "id":', 1)
    body = json.dumps({**ENVELOPE, "data": []}).replace("[]", f"[{good}, {odd}, {good}]")
    taken = take(body.encode())
    assert taken is not None
    judgement, events, rejections = taken
    assert [verdict.reason for verdict in judgement.verdicts] == [None, reason, None]
    assert (events, rejections) == ((3, 0) if reason is None else (2, 1))
    agree(odd.encode())

"""Two events have one fingerprint exactly when their canonical forms (RFC 8785) are equal."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.events.canonical import fingerprint
from ingest.events.refusals import MOST_LEVELS, RefusedError, require_whole

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
NUMBERS = (
    st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0, -0.0, 0.0, 1, 1.0, 2**53, 2**53 + 1, 1e21, 10**21, 5e-324])
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


def canonical(value: Any) -> Any:
    """What RFC 8785 keeps of a value, as Python objects that compare by type and value."""
    match value:
        case dict():
            return ("object", frozenset((key, canonical(item)) for key, item in value.items()))
        case list():
            return ("array", tuple(canonical(item) for item in value))
        case bool() | None | str():
            return (type(value).__name__, value)
        case _:
            return ("number", float(value))


def spell(value: Any, draw: Callable[..., Any]) -> str:
    """One of the many JSON texts of a value."""
    space = draw(st.sampled_from(["", " ", "\n\t"]))
    match value:
        case dict():
            members = draw(st.permutations(list(value.items())))
            inner = f",{space}".join(f"{spell(k, draw)}:{spell(v, draw)}" for k, v in members)
            return f"{{{space}{inner}{space}}}"
        case list():
            return f"[{space}{','.join(spell(item, draw) for item in value)}{space}]"
        case str():
            return json.dumps(value, ensure_ascii=draw(st.booleans()))
        case bool() | None:
            return json.dumps(value)
        case _:
            exact = float(value)
            forms = [json.dumps(value), repr(exact)]
            if exact == int(exact):
                forms += [str(int(exact)), f"{int(exact)}.00", f"{int(exact)}E0"]
            if exact == 0:
                forms += ["-0", "-0.0", "0e5"]
            return str(draw(st.sampled_from(forms)))


@given(VALUES, st.data())
def test_spelling_makes_no_difference(value: Any, data: st.DataObject) -> None:
    assert fingerprint(spell(value, data.draw).encode()) == fingerprint(json.dumps(value).encode())


@given(VALUES, VALUES)
def test_equal_fingerprints_mean_equal_canonical_forms(one: Any, other: Any) -> None:
    same = fingerprint(json.dumps(one).encode()) == fingerprint(json.dumps(other).encode())
    assert same == (canonical(one) == canonical(other))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ('{"a":1,"b":2}', '{"b":2.0,"a":1e0}', True),
        ('"\\u00e9\\/"', '"é/"', True),
        ('"é"', '"e\\u0301"', False),
        ("-0", "0", True),
        ("[-0.0]", "[0]", True),
        ('"-0.0"', '"0.0"', False),
        ("9007199254740993", "9007199254740992", True),
        ("0.1", "0.1000000000000000055511151231257827", True),
        ("0.1", "0.10000000000000002", False),
        ("1", '"1"', False),
        ("1", "true", False),
        ("null", "{}", False),
        ("[1,2]", "[2,1]", False),
        ('{"a":null}', "{}", False),
        ("[" * 40 + "-0" + "]" * 40, "[" * 40 + "0.0" + "]" * 40, True),
        ("[" * 40 + "1" + "]" * 40, "[" * 41 + "1" + "]" * 41, False),
    ],
)
def test_known_pairs(one: str, other: str, is_same: bool) -> None:
    assert (fingerprint(one.encode()) == fingerprint(other.encode())) == is_same


@given(st.integers(1, MOST_LEVELS + 3))
def test_what_the_door_lets_pass_has_a_fingerprint(levels: int) -> None:
    event = ("[" * levels + "]" * levels).encode()
    try:
        require_whole(event, has_escapes=False)
    except RefusedError:
        assert levels > MOST_LEVELS
    else:
        assert levels <= MOST_LEVELS
        assert len(fingerprint(event)) == 64


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_exactly(number: float) -> None:
    text = f"{number:.40e}"
    exact = float(text)
    assert math.isfinite(exact)
    assert fingerprint(text.encode()) == fingerprint(json.dumps(exact).encode())

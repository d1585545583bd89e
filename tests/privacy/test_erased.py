"""Every form in which a text may name an erased student is met, and no other text."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.privacy.erased import Erased, keyed_hash, pseudonym
from ingest.forgetting import without_erased

KEY = b"k" * 32
NÉE = "stüdent-1"
ERASED = Erased(KEY, frozenset(keyed_hash(KEY, one) for one in ("s-1", NÉE)))
OTHER = Erased(KEY, frozenset())


@pytest.mark.parametrize(
    "reference",
    [
        "s-1",
        "urn:uuid:s-1",
        "https://id.example/users/s-1",
        "https://id.example/users/s-1/",
        "http://id.example/users/s%2D1?tab=2#top",
        NÉE,
        "https://id.example/st%C3%BCdent-1",
    ],
)
def test_a_reference_names_the_student(reference: str) -> None:
    assert ERASED.named(reference) in ERASED.hashes
    for document in (json.dumps({"a": [{"id": reference}]}), json.dumps({reference: 1})):
        assert ERASED.mentions(document)
        assert not ERASED.mentions(ERASED.text_without(document))


@pytest.mark.parametrize(
    "reference", ["s-10", "xs-1", "S-1", "s-1 ", "https://s-1/users", "urn:s-1", "", "s-1:pat"]
)
def test_another_reference_does_not(reference: str) -> None:
    assert ERASED.named(reference) is None
    assert not ERASED.mentions(json.dumps({"id": reference}))


def test_escapes_hide_nobody() -> None:
    assert ERASED.mentions(r'{"actor": "\u0073-1"}')
    assert ERASED.mentions(r'{"actor": "https:\/\/id.example\/s-1"}')
    assert not ERASED.mentions(r'{"text": "a \"s-1\" in quotes"}')


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text() | st.just("s-1"),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_after_it_nothing_names_the_student(value: object) -> None:
    assert not ERASED.mentions(json.dumps(ERASED.without(value)))
    assert OTHER.without(value) == value


def test_lists_lose_who_was_erased_and_other_places_keep_a_pseudonym() -> None:
    known = ERASED.without({"agents": [{"sourcedId": "s-1"}, {"sourcedId": "b"}], "of": "s-1"})
    assert known == {"agents": [{"sourcedId": "b"}], "of": pseudonym(keyed_hash(KEY, "s-1"))}


def events(*rows: tuple[str, str]) -> pa.Table:
    return pa.table(
        {
            "student_ref": [student for student, _ in rows],
            "actor_ref": [student for student, _ in rows],
            "payload": [json.dumps({"actor": s, "object": o}) for s, o in rows],
        }
    )


def test_of_a_load_only_what_is_about_the_student_is_left_out() -> None:
    nothing = pa.table({"record_type": [], "sourced_id": [], "payload": pa.array([], pa.string())})
    loaded = events(("s-1", "x"), ("ann", "s-1"), ("ben", "y"))
    kept, _, _ = without_erased(ERASED, loaded, nothing, nothing)
    assert kept["student_ref"].to_pylist() == ["ann", "ben"]
    assert json.loads(kept["payload"][0].as_py())["object"].startswith("erased:")
    assert kept["payload"][1] == loaded["payload"][2]


def test_records_of_the_student_are_left_out_and_those_of_others_renamed() -> None:
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("user", "s-1", {"givenName": "A"}),
        ("enrollment", "e1", {"user": {"sourcedId": "s-1"}}),
        ("agent", "x:s-1", {"student": {"sourcedId": "x"}, "agent": {"sourcedId": "s-1"}}),
        ("user", "pat", {"agents": [{"sourcedId": "s-1"}]}),
    ]
    records = pa.table(
        {
            "record_type": [kind for kind, _, _ in rows],
            "sourced_id": [sourced_id for _, sourced_id, _ in rows],
            "payload": [json.dumps({"sourcedId": i, **payload}) for _, i, payload in rows],
        }
    )
    nothing = events()
    _, _, kept = without_erased(ERASED, nothing, nothing, records)
    assert kept["sourced_id"].to_pylist() == ["pat"]
    assert json.loads(kept["payload"][0].as_py()) == {"sourcedId": "pat", "agents": []}

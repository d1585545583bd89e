"""Properties of the filter language, against a reading of it in Python."""

import json
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import MalformedError
from core.registry.filters import FilterError, compile_filter

Connection = psycopg.Connection[tuple[object, ...]]

NAMES = ("title", "grades", "metadata")
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)
documents = st.fixed_dictionaries(
    {}, optional={"title": words, "grades": st.lists(words, max_size=3)}
)
comparisons = st.tuples(
    st.sampled_from(["title", "grades"]), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), words
)


def holds(document: dict[str, Any], comparison: tuple[str, str, str]) -> bool:
    """What a comparison means, byte by byte as collation "C" has it."""
    name, operator, text = comparison
    value = document.get(name, [])
    members = [item.encode() for item in (value if isinstance(value, list) else [value])]
    wanted = text.encode()
    tests = {
        "=": any(item == wanted for item in members),
        "!=": all(item != wanted for item in members),
        "<": any(item < wanted for item in members),
        "<=": any(item <= wanted for item in members),
        ">": any(item > wanted for item in members),
        ">=": any(item >= wanted for item in members),
    }
    return tests[operator]


def write(comparison: tuple[str, str, str]) -> str:
    name, operator, text = comparison
    quoted = text.replace("'", "''")
    return f"{name}{operator}'{quoted}'"


def in_body(_name: str) -> str:
    return "body"


def found(database: Connection, text: str, document: dict[str, Any]) -> object:
    condition = compile_filter(text, NAMES, in_body)
    row = database.execute(
        f"select {condition.sql} from (select %(document)s::jsonb as body) as one".encode(),
        condition.parameters | {"document": json.dumps(document)},
    ).fetchone()
    assert row is not None
    return row[0]


fixture_use = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fixture_use
@given(document=documents, first=comparisons, second=comparisons, third=comparisons)
def test_and_binds_tighter_than_or(
    database: Connection,
    document: dict[str, Any],
    first: tuple[str, str, str],
    second: tuple[str, str, str],
    third: tuple[str, str, str],
) -> None:
    one, two, three = (holds(document, each) for each in (first, second, third))
    texts = [write(each) for each in (first, second, third)]
    assert found(database, "{} OR {} AND {}".format(*texts), document) == (one or (two and three))
    assert found(database, "({} or {}) and {}".format(*texts), document) == ((one or two) and three)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = compile_filter(text, NAMES, in_body)
    except FilterError as error:
        assert isinstance(error, MalformedError)  # noqa: PT017  the point is which error
        return
    assert text not in condition.sql


def test_values_are_parameters_never_sql() -> None:
    condition = compile_filter("title='x''; drop table y'", NAMES, in_body)
    assert "drop" not in condition.sql
    assert "x'; drop table y" in condition.parameters.values()


def test_numbers_compare_as_numbers(database: Connection) -> None:
    document = {"metadata": {"weight": 9}}
    assert found(database, "metadata.weight<'10'", document) is True
    assert found(database, "metadata.weight='9.0'", document) is True
    assert found(database, "metadata.weight='nine'", document) is False
    assert found(database, "metadata.weight='NaN'", document) is False
    assert found(database, "metadata.weight<'1e999999'", document) is False  # text, beyond numeric

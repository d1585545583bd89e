"""The reference tells a partner all that there is to know of a read: every parameter, every field.

The routes of `/events` describe themselves where they live.
"""

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from api import evidence
from api.app import create_app
from core import glossary
from core.settings import Settings

DOCUMENT = create_app(Settings(data_dir=Path("unopened"))).openapi()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
READS = {
    path: operations["get"]
    for path, operations in DOCUMENT["paths"].items()
    if not path.startswith("/events") and "get" in operations
}
ANSWERS = [
    operation["responses"]["200"]
    for operations in DOCUMENT["paths"].values()
    for operation in operations.values()
    if "200" in operation["responses"]
]
DBT_PROJECT = Path(__file__).parents[2] / "dbt_project" / "dbt_project.yml"


def referred(part: Any) -> Iterator[str]:
    """Names of the schemas that a part of the document refers to, through each other."""
    waiting, seen = [part], set()
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, dict):
            waiting.extend(here.values())
            name = str(here.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                waiting.append(SCHEMAS[name])
    yield from sorted(seen)


ANSWERED = list(referred(ANSWERS))


def test_there_are_reads_and_answers_to_look_at() -> None:
    assert len(READS) > 60
    assert {
        "XpEntry",
        "XpDay",
        "EngagementFact",
        "ItemStatistics",
        "CourseAnswer",
        "Overview",
    } <= set(ANSWERED)


@pytest.mark.parametrize("path", READS)
def test_every_parameter_has_a_description_and_an_example(path: str) -> None:
    for parameter in READS[path].get("parameters", []):
        assert parameter.get("description"), parameter
        shown = [parameter, parameter["schema"], *parameter["schema"].get("anyOf", [])]
        assert any(part.get("examples") or "enum" in part or "default" in part for part in shown), (
            parameter
        )


@pytest.mark.parametrize("path", READS)
def test_every_read_says_what_it_does_and_how_it_refuses(path: str) -> None:
    operation = READS[path]
    assert operation["summary"]
    assert operation.get("description") or path.startswith(("/rostering", "/resources"))
    for status, response in operation["responses"].items():
        assert response["description"]
        if status[0] in "45":
            assert list(response["content"]) == ["application/problem+json"], status
    assert "422" not in operation["responses"]


@pytest.mark.parametrize("name", ANSWERED)
def test_every_field_has_a_description_and_an_example(name: str) -> None:
    for field, part in SCHEMAS[name].get("properties", {}).items():
        assert part.get("description"), field
        assert part.get("examples") or "$ref" in str(part), field


@pytest.mark.parametrize("name", ANSWERED)
def test_every_example_is_one_that_its_schema_allows(name: str) -> None:
    for field, part in SCHEMAS[name].get("properties", {}).items():
        for example in part.get("examples", []):
            whole = {**part, "components": {"schemas": SCHEMAS}}
            assert jsonschema_rs.is_valid(whole, example), (field, example)


def test_no_name_of_a_schema_is_one_of_our_modules() -> None:
    assert [name for name in SCHEMAS if "__" in name] == []


def test_the_glossary_is_in_order_and_each_of_its_words_is_used() -> None:
    text = (Path(glossary.__file__).parent / "glossary.toml").read_text()
    names = list(tomllib.loads(text))
    assert names == sorted(names, key=str.lower)
    used = {field for schema in SCHEMAS.values() for field in schema.get("properties", {})}
    assert set(names) - used == set()


@pytest.mark.parametrize(
    ("ours", "var"),
    [
        (evidence.ACCURACY_ITEMS, "off_track_accuracy_items"),
        (evidence.MASTERY_ITEMS, "mastered_item_count"),
    ],
)
def test_a_judgement_needs_what_dbt_says(ours: int, var: str) -> None:
    assert ours == yaml.safe_load(DBT_PROJECT.read_text())["vars"][var]


@pytest.mark.parametrize(
    ("count", "status"),
    [(0, "no_data"), (1, "not_enough_data"), (19, "not_enough_data"), (20, "ok"), (math.inf, "ok")],
)
def test_no_data_too_little_and_enough_are_told_apart(count: float, status: str) -> None:
    assert evidence.data_status(count, 20) == status

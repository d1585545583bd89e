"""What explanations and verdicts say of themselves: every field described, with an example."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Visit

ROOTS = ["Explanation", "OneEvent", "Events", "Receipt"]


@pytest.fixture(scope="module")
def schemas(visit: Visit) -> dict[str, Any]:
    client: TestClient = visit("nobody")
    found: dict[str, Any] = client.get("/openapi.json").json()["components"]["schemas"]
    return found


def reached(schemas: dict[str, Any], name: str, seen: set[str]) -> set[str]:
    """The schema and those that it refers to."""
    if name not in seen:
        seen.add(name)
        for part in str(schemas[name]).split("#/components/schemas/")[1:]:
            reached(schemas, part.split("'")[0], seen)
    return seen


@pytest.mark.parametrize("root", ROOTS)
def test_every_field_is_described_and_shown(schemas: dict[str, Any], root: str) -> None:
    for name in reached(schemas, root, set()):
        for field, said in schemas[name].get("properties", {}).items():
            is_made_of_parts = "#/components/schemas/" in str(said)
            assert said.get("description"), (name, field)
            assert is_made_of_parts or said.get("examples"), (name, field)

"""The API reference at /docs needs nothing but this origin, and names every route."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from core.cli.server import create_app
from core.settings import Settings

OVERVIEW = {
    "/auth/1.0/token": "post",
    "/rostering/1.0/courses/{id}": "put",
    "/rostering/1.0/units/{id}": "put",
    "/rostering/1.0/lessons/{id}": "put",
    "/rostering/1.0/resources/{id}": "put",
    "/rostering/1.0/users/{id}": "put",
    "/rostering/1.0/classes/{id}": "put",
    "/rostering/1.0/enrollments/{id}": "put",
    "/rostering/1.0/students/{id}/agents/{agentId}": "put",
    "/events/1.0": "post",
    "/xp/1.0/users/{id}/entries": "get",
    "/analytics/1.0/activity": "get",
    "/insights/1.0/users/{id}": "get",
    "/gradebook/1.0/assessment-results": "get",
}


@pytest.fixture
def http(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def test_the_page_loads_nothing_from_elsewhere(http: TestClient) -> None:
    page = http.get("/docs")
    assert page.status_code == 200
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text) == []
    script = http.get("/docs/scalar.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert len(script.content) > 1_000_000


def test_every_endpoint_of_the_product_overview_is_documented(http: TestClient) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    named = {re.sub(r"\{\w+\}", "{}", path): operations for path, operations in paths.items()}
    missing = [
        path
        for path, method in OVERVIEW.items()
        if method not in named.get(re.sub(r"\{\w+\}", "{}", path), {})
    ]
    assert missing == []


def test_every_operation_says_what_it_does(http: TestClient) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    silent = [
        f"{method} {path}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if not operation.get("description") and not operation.get("summary")
    ]
    assert silent == []

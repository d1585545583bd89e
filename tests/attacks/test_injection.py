"""Whatever stands in an id or a parameter is data: never SQL, never a path, never a failure."""

import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.attacks.conftest import Server

EVIL = {
    "quote": "x' or '1'='1",
    "drop": "x'; drop table registry.records; --",
    "union": "x') union select client_id::text from identity.clients --",
    "comment": "x/**/",
    "format": "%s %(student_id)s {0} {payload}",
    "duck": "x' or read_text('/etc/passwd') is not null --",
    "path": "..%2F..%2F..%2Fetc%2Fpasswd",
    "long": "a" * 3_000,
    "unicode": "\u202e\U0001f600\ufeff",
    "surrogate": "%ED%A0%80",
    "percent": "%",
    "NUL": "%00",
    "newline": "x%0d%0aSet-Cookie:%20a=b",
}
LISTS = (
    "/rostering/1.0/courses",
    "/rostering/1.0/lessons",
    "/rostering/1.0/users",
    "/gradebook/1.0/results",
    "/gradebook/1.0/lineItems",
)
STATEMENTS = ("filter", "sort", "orderBy", "fields")


def encoded(text: str) -> str:
    return text if "%" in text and " " not in text else quote(text, safe="")


@pytest.fixture(scope="module")
def operations(server: Server) -> list[tuple[str, str, dict[str, Any]]]:
    """Every documented operation: method, path, and the operation itself."""
    document = httpx.get(f"{server.origin}/openapi.json", timeout=60).json()
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not path.startswith("/auth/")
    ]


def check(answer: httpx.Response) -> None:
    asked = f"{answer.request.method} {answer.request.url}: {answer.text[:200]}"
    assert answer.status_code < 500, asked
    assert "set-cookie" not in answer.headers
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", asked
    assert "root:" not in answer.text


@pytest.mark.parametrize("turn", range(3))
def test_every_id_and_parameter_of_every_operation_is_data(
    server: Server,
    partner: httpx.Client,
    operations: list[tuple[str, str, dict[str, Any]]],
    turn: int,
) -> None:
    before = server.rows("select count(*) from identity.clients")
    texts = [encoded(text) for text in EVIL.values()]
    for number, (method, path, operation) in enumerate(operations):
        text = texts[(3 * number + turn) % len(texts)]
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
        query = "&".join(f"{name}={text}" for name in names)
        filled = re.sub(r"\{\w+\}", text, path)
        body: dict[str, Any] | None = {} if method in ("PUT", "PATCH", "POST") else None
        if filled != path:
            check(partner.request(method, filled, json=body))
        if query and method == "GET":
            check(partner.request(method, f"{re.sub('[{}]', '', path)}?{query}"))
    assert server.rows("select count(*) from identity.clients") == before
    assert server.rows("select count(*) > 5 from registry.records") == [(True,)]


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("path", LISTS)
def test_a_statement_shows_nothing_more(partner: httpx.Client, path: str, name: str) -> None:
    plain = partner.get(path).json()
    total = plain.get("total")
    for text in EVIL.values():
        params = {name: f"title='{text}'" if name == "filter" else text}
        answer = partner.get(path, params=params)
        check(answer)
        if answer.status_code == 200:
            assert answer.json()["total"] <= total
    for injected in (
        "title='x' OR 1=1",
        "title='x') OR ('1'='1",
        "owner_client_id!='x'",
        "payload.title='x'",
        "title='x' UNION SELECT",
        "sourcedId;drop",
    ):
        assert partner.get(path, params={name: injected}).status_code == 400


def test_settings_are_not_shown_by_an_error(server: Server) -> None:
    answer = httpx.get(f"{server.origin}/rostering/1.0/courses?limit=x")
    assert answer.status_code == 401
    for secret in (str(server.settings.data_dir), "postgres", "Traceback"):
        assert secret not in answer.text

"""Before the first build: what is read from marts says when to come back, all else answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb

from core.cli.server import create_app
from core.context import open_context
from core.settings import Settings
from tests.conftest import make_settings
from tests.matrix import registry, routes
from tests.matrix.conftest import Matrix, sign

DOCUMENT = create_app(Settings(data_dir=Path("unopened"))).openapi()
READS = {path: said["get"] for path, said in DOCUMENT["paths"].items() if "get" in said}
# What is read from PostgreSQL alone.
OF_NO_BUILD = ("/rostering/", "/resources/", "/audit/", "/auth/", "/.well-known/", routes.ERASURE)
UNLIKE = {"/auth/1.0/userinfo": (403,)}  # for tokens of a sign-in, which the matrix has none of
OF_MARTS = [path for path in READS if not path.startswith(OF_NO_BUILD)]
ASKED_MORE = {routes.MEANING: "?studentId=stu-ana"}
FORMS = ("application/json", "text/csv", "application/vnd.apache.arrow.stream", "*/*")


@pytest.fixture(scope="module")
def unbuilt(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """The matrix's registry on an install that has no build."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("unbuilt") / "data")
    with psycopg.connect(str(settings.database_url)) as connection:
        clients = registry.fill(connection)
    with open_context(settings) as context:
        with psycopg.connect(str(settings.database_url)) as connection:
            tokens = sign(context, connection, clients)
        with TestClient(create_app(settings, context=context), follow_redirects=False) as http:
            yield Matrix(context, clients, http, tokens)


def address(path: str) -> str:
    """A route's path with ids and the parameters that it needs."""
    if path in routes.SINGLE:
        return routes.SINGLE[path].ask("stu-ana", "reading")
    filled = path.replace("{alert_id}", "1").replace("{lesson_id}", "lesson-r")
    for name in ("{student_id}", "{sourced_id}", "{agent_user_id}"):
        filled = filled.replace(name, "stu-ana")
    return filled + ASKED_MORE.get(path, "")


def assert_refused(answer: httpx.Response) -> dict[str, Any]:
    """The refusal of a read before the first build."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == "urn:timeback:error:no_build_yet"
    assert problem["detail"].startswith("The first build is being made")
    return problem


@pytest.mark.parametrize("path", OF_MARTS)
def test_a_read_of_marts_says_when_to_come_back_in_every_form(unbuilt: Matrix, path: str) -> None:
    for role in ("platform_admin", "reading"):
        for form in FORMS:
            assert_refused(unbuilt.get(role, address(path), Accept=form))


@pytest.mark.parametrize("path", sorted(set(READS) - set(OF_MARTS)))
def test_what_needs_no_marts_answers(unbuilt: Matrix, path: str) -> None:
    answer = unbuilt.get("platform_admin", address(path))
    statuses = (200,) if "{" not in path else (200, 404)
    assert answer.status_code in UNLIKE.get(path, statuses), answer.text


def test_the_document_says_which_reads_wait_for_a_build() -> None:
    documented = {path for path, said in READS.items() if "503" in said["responses"]}
    assert documented == set(OF_MARTS)
    for path in documented:
        assert "Retry-After" in READS[path]["responses"]["503"]["headers"], path


@pytest.mark.parametrize(
    ("role", "path", "body", "media_type"),
    [
        ("analyst", "/sql/1.0/query", '{"sql": "select 1"}', "application/json"),
        ("analyst", "/dbt-docs/links", "", "application/json"),
        ("reading", "/reports/1.0/partner/reconcile", "event_id\nabc\n", "text/csv"),
    ],
)
def test_what_reads_marts_by_post_is_refused_alike(
    unbuilt: Matrix, role: str, path: str, body: str, media_type: str
) -> None:
    headers = {"Authorization": f"Bearer {unbuilt.tokens[role]}", "Content-Type": media_type}
    assert_refused(unbuilt.http.post(path, headers=headers, content=body))


def test_nobody_learns_without_a_token_that_there_is_no_build(unbuilt: Matrix) -> None:
    for path in OF_MARTS:
        assert unbuilt.get("nobody", address(path)).status_code == 401, path


def test_the_refusal_says_how_far_the_first_build_is(unbuilt: Matrix) -> None:
    with unbuilt.context.database.connection() as connection:
        connection.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, details) values"
            " ('one', 'failed', true, now(), 1, %s), ('two', 'running', true, now(), 1, %s)",
            [
                Jsonb({"failures": ["a secret of the data"]}),
                Jsonb({"progress": {"done": 42, "total": 100, "label": "xp"}}),
            ],
        )
    try:
        unbuilt.context.lake.refresh()
        problem = assert_refused(unbuilt.get("reading", "/gradebook/1.0/results"))
    finally:
        with unbuilt.context.database.connection() as connection:
            connection.execute("delete from publishing.builds")
    assert problem["detail"] == (
        "The first build is being made (42 %); the last try failed. Come back in a moment."
    )

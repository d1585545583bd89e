"""A really running API with a small school and three clients, which every attack must outlive."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from core.identity import clients
from core.settings import Settings
from tests.api import learning, people, school
from tests.conftest import make_settings
from tests.journeys.test_kill_api import free_port, wait_until_up

AT_ONCE = 100  # requests in work
SHORT = {  # so that no test waits long; no rate limit, which would hide what is attacked
    "TIMEBACK_HEAD_SECONDS": "1",
    "TIMEBACK_MAX_REQUESTS_AT_ONCE": str(AT_ONCE),
    "TIMEBACK_BODY_IDLE_SECONDS": "0.5",
    "TIMEBACK_BODY_SECONDS": "1",
    "TIMEBACK_REQUESTS_PER_SECOND": "0",
    "TIMEBACK_EVENT_POSTS_PER_SECOND": "0",
    "TIMEBACK_FAILURES_PER_SECOND": "0",
    "TIMEBACK_TOKEN_REQUESTS_PER_SECOND": "0",
}


@dataclass
class Server:
    """The process, its log, and two partners' backends, signed in."""

    settings: Settings
    log: Path
    partners: people.Partners
    secrets: dict[str, tuple[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.settings.origin

    def sign_in(self, who: str) -> str:
        """A token of a partner, by name."""
        if who not in self.tokens:
            answer = httpx.post(
                f"{self.origin}/auth/1.0/token",
                data={"grant_type": "client_credentials"},
                auth=self.secrets[who],
                timeout=30,
            )
            self.tokens[who] = answer.raise_for_status().json()["access_token"]
        return self.tokens[who]

    def client(self, who: str = "tryout") -> httpx.Client:
        """An HTTP client with the partner's token."""
        headers = {"Authorization": f"Bearer {self.sign_in(who)}"}
        return httpx.Client(base_url=self.origin, headers=headers, timeout=30)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is in the database."""
        with psycopg.connect(str(self.settings.database_url)) as connection:
            return connection.execute(query.encode(), parameters).fetchall()


def publish_catalog(http: httpx.Client, prefix: str) -> None:
    """A course with one lesson."""
    for path, body in (
        (f"courses/{prefix}", {"title": "Course"}),
        (f"units/{prefix}-u", {"title": "Unit", "course": {"sourcedId": prefix}}),
        (f"lessons/{prefix}-l", {"title": "Lesson", "unit": {"sourcedId": f"{prefix}-u"}}),
    ):
        http.put(f"/rostering/1.0/{path}", json=body).raise_for_status()


@pytest.fixture(scope="session")
def server(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process for every attack."""
    root = tmp_path_factory.mktemp("attacks")
    settings = make_settings(server_url, root / "data").model_copy(update={"port": free_port()})
    with psycopg.connect(str(settings.database_url)) as connection:
        partners = people.enroll_everyone(connection)
        made = {
            name: clients.create_client(connection, name, mode="testing")
            for name in ("tryout", "rival")
        }
    school.publish(settings, learning.whole_school(partners), "build-1", school.AS_OF)
    environment = (
        os.environ
        | SHORT
        | {
            "TIMEBACK_DATA_DIR": str(settings.data_dir),
            "TIMEBACK_PORT": str(settings.port),
            "TIMEBACK_DATABASE_URL": str(settings.database_url),
        }
    )
    log = root / "api.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.cli", "run", "api"],
            env=environment,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    wait_until_up(settings.origin)
    running = Server(settings, log, partners)
    running.secrets = {
        name: (new.client.client_id, new.client_secret) for name, new in made.items()
    }
    for name in made:
        with running.client(name) as http:
            publish_catalog(http, name)
    yield running
    assert process.poll() is None, "the API ended"
    process.terminate()
    assert process.wait(30) in (0, -15)


@pytest.fixture
def partner(server: Server) -> Iterator[httpx.Client]:
    """A testing partner's backend; after the attack the service still answers it."""
    with server.client() as http:
        yield http
    with server.client() as http:
        assert http.get("/rostering/1.0/courses/tryout").status_code == 200


def assert_refused(answer: httpx.Response, *statuses: int) -> None:
    """A clear refusal in our form."""
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert answer.headers["x-content-type-options"] == "nosniff"

"""The composed app over the matrix's school, asked as each of its roles."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from core.cli.server import create_app
from core.context import Context, open_context
from core.identity import people as identity
from core.identity.clients import find_client
from core.identity.tokens import issue_to_client, issue_to_person
from core.settings import Settings
from tests.api import school
from tests.api.people import PASSWORD
from tests.conftest import make_settings
from tests.matrix import marts, oracle, registry

SCOPES = ["roster.readonly", "events.readonly"]
OF_ONE_ANSWER = {"x-request-id", "content-length", "date"}


@dataclass(frozen=True)
class Matrix:
    """The app, a token for each role, and the requests made with them."""

    context: Context
    clients: registry.Clients
    http: TestClient
    tokens: dict[str, str]
    absences: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)

    def get(self, role: str, path: str, **headers: str) -> httpx.Response:
        """The answer to a role."""
        if role in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        answer: httpx.Response = self.http.get(path, headers=headers)
        return answer

    def absent(self, path: str, *ids: str) -> tuple[int, dict[str, str], str]:
        """What is not there, as whoever sees everything reads that it is not."""
        if path not in self.absences:
            self.absences[path] = plain(self.get("platform_admin", path), *ids)
            assert self.absences[path][0] == 404, path
        return self.absences[path]

    def rows(self, answer: httpx.Response, name: str) -> list[dict[str, Any]]:
        """The rows of a list, whose totals must agree with each other and with the links."""
        body = answer.json()
        total = int(answer.headers["X-Total-Count"])
        assert body["total"] == total == len(body[name]), "totals"
        (last,) = re.findall(r'[?&]offset=(\d+)[^>]*>; rel="last"', answer.headers["Link"])
        assert int(last) == 0, "last page"
        found: list[dict[str, Any]] = body[name]
        return found


def plain(answer: httpx.Response, *ids: str) -> tuple[int, dict[str, str], str]:
    """An answer without what differs from one request to the next and what was asked for."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}
    text = json.dumps({**answer.json(), "requestId": None})
    for asked in sorted(ids, key=len, reverse=True):
        text = text.replace(asked, "ID")
        headers = {name: value.replace(asked, "ID") for name, value in headers.items()}
    return answer.status_code, headers, text


def sign(context: Context, connection: psycopg.Connection[Any], clients: registry.Clients) -> Any:
    """A token for each role; nobody has none."""
    issuer = context.settings.origin
    tokens = {}
    for role in oracle.ROLES:
        if role == "nobody":
            continue
        if role in ("reading", "maths", "trial", "alpha", "no_scope"):
            client = find_client(connection, clients.of("reading" if role == "no_scope" else role))
            assert client is not None
            scopes = ["events.write"] if role == "no_scope" else SCOPES
            issued = issue_to_client(context.keyring, client, scopes, issuer=issuer, seconds=600)
        else:
            person = identity.sign_in(connection, f"{role}@login.example", PASSWORD)
            assert person is not None, role
            issued = issue_to_person(context.keyring, person, issuer=issuer, seconds=600)
        tokens[role] = issued.access_token
    return tokens


@pytest.fixture(scope="session")
def matrix(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """One install for every role."""
    settings: Settings = make_settings(server_url, tmp_path_factory.mktemp("matrix") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        clients = registry.fill(connection)
    school.publish(settings, marts.whole(clients), "build-1", school.AS_OF)
    with open_context(settings) as context:
        with psycopg.connect(settings.database_url) as connection:
            tokens = sign(context, connection, clients)
            connection.execute(
                "update identity.people set status = 'disabled' where email like 'disabled@%'"
            )
        app = create_app(settings, context=context)
        with TestClient(app, follow_redirects=False) as http:
            yield Matrix(context, clients, http, tokens)

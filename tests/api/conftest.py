"""A small school on a real install, and a signed-in client for each kind of reader."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from core.context import Context, open_context
from core.identity import people as identity
from core.identity.clients import find_client
from core.identity.tokens import issue_to_client, issue_to_person
from core.settings import Settings
from tests.api import learning, people, school
from tests.conftest import make_settings

BUILD = "build-1"


@dataclass(frozen=True)
class School:
    """The install, its open context and its partners."""

    settings: Settings
    context: Context
    partners: people.Partners

    def sign(self, who: str, *, scopes: tuple[str, ...] = ("events.readonly",)) -> str:
        """A token: of a partner by its name, of a person by the name before the @."""
        keyring, issuer = self.context.keyring, self.settings.origin
        with self.context.database.connection() as connection:
            if hasattr(self.partners, who):
                client = find_client(connection, getattr(self.partners, who))
                assert client is not None
                return issue_to_client(
                    keyring, client, list(scopes), issuer=issuer, seconds=600
                ).access_token
            row = connection.execute(
                "select email from identity.people where email like %s", [f"{who}@%"]
            ).fetchone()
            assert row is not None
            person = identity.sign_in(connection, row[0], people.PASSWORD)
            assert person is not None
            return issue_to_person(keyring, person, issuer=issuer, seconds=600).access_token


Visit = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def small_school(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One install for every test that only reads."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("school") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        partners = people.enroll_everyone(connection)
    school.publish(settings, learning.whole_school(partners), BUILD, school.AS_OF)
    with open_context(settings) as context:
        yield School(settings, context, partners)


def receive(small_school: School) -> Visit:
    """A client of the read API that carries the token of whoever is named; nobody: no token."""
    app = create_app(small_school.settings, context=small_school.context)
    app.state.context = small_school.context
    clients: dict[str, TestClient] = {}

    def visitor(who: str) -> TestClient:
        if who not in clients:
            headers = {}
            if who == "no_scope":
                token = small_school.sign("reading", scopes=("roster.readonly",))
                headers = {"Authorization": f"Bearer {token}"}
            elif who != "nobody":
                headers = {"Authorization": f"Bearer {small_school.sign(who)}"}
            clients[who] = TestClient(app, headers=headers, follow_redirects=False)
        return clients[who]

    return visitor


@pytest.fixture(scope="session")
def visit(small_school: School) -> Visit:
    """Visitors of the small school's read API."""
    return receive(small_school)

"""An install with one of each kind of client, and what they are given to write with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.rostering.router import routers as read_routers
from core.access import ClientMode
from core.context import Context, open_context
from core.http import create_app
from core.identity import people
from core.identity.clients import Client, create_client, find_client
from core.identity.scopes import CLIENT_SCOPES
from core.identity.tokens import issue_to_client, issue_to_person
from core.settings import Settings
from ingest.catalog.router import routers as write_routers
from tests.conftest import make_settings

BASE = "/rostering/1.0"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Install:
    """A running API over a fresh install."""

    context: Context
    http: TestClient

    def empty(self) -> None:
        """Forget every record, client and person."""
        with self.context.database.connection() as connection:
            connection.execute(
                "truncate registry.records, journal.record_versions, identity.clients,"
                " identity.people, identity.audit_log cascade"
            )

    def client(self, name: str, mode: ClientMode = "testing", *scopes: str) -> "Caller":
        """A new client's backend with a token for `scopes` (all of them unless said)."""
        with self.context.database.connection() as connection:
            client = create_client(connection, name, mode=mode).client
        return self.caller(client, *scopes)

    def caller(self, client: Client, *scopes: str) -> "Caller":
        """A client's backend with a token."""
        token = issue_to_client(
            self.context.keyring,
            client,
            list(scopes or CLIENT_SCOPES),
            issuer=self.context.settings.origin,
            seconds=600,
        )
        return Caller(self, client.client_id, token.access_token)

    def person(self, user_id: str | None, **standing: Any) -> "Caller":
        """Someone with a login, signed in."""
        with self.context.database.connection() as connection:
            person = people.create_person(
                connection,
                f"{user_id or 'someone'}@example.org",
                PASSWORD,
                user_id=user_id,
                **standing,
            )
        token = issue_to_person(
            self.context.keyring, person, issuer=self.context.settings.origin, seconds=600
        )
        return Caller(self, str(person.person_id), token.access_token)

    def promote(self, caller: "Caller") -> "Caller":
        """The same client in production."""
        with self.context.database.connection() as connection:
            connection.execute(
                "update identity.clients set mode = 'production' where client_id = %s",
                [caller.subject],
            )
            connection.commit()
            client = find_client(connection, caller.subject)
        assert client is not None
        return self.caller(client)

    def versions(self, record_type: str, sourced_id: str) -> int:
        """How many versions of a record are on their way to the lake."""
        with self.context.database.connection() as connection:
            row = connection.execute(
                "select count(*) from journal.record_versions"
                " where record_type = %s and sourced_id = %s",
                [record_type, sourced_id],
            ).fetchone()
        assert row is not None
        return int(row[0])


@dataclass(frozen=True)
class Caller:
    """Someone with a token."""

    install: Install
    subject: str
    token: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response to a request under `/rostering/1.0`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.install.http.request(
            method,
            path if path.startswith("/resources/1.0") else BASE + path,
            json=body,
            headers={"Authorization": f"Bearer {self.token}", **named},
        )

    def get(self, path: str, **headers: str) -> Any:
        """The response to a GET."""
        return self.send("GET", path, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        """The response to a PUT that must succeed."""
        response = self.send("PUT", path, body if body is not None else {}, **headers)
        assert response.status_code in (200, 201), response.text
        return response

    def ids(self, path: str) -> list[str]:
        """The sourcedIds of a list, which must say its true total."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        body = response.json()
        (rows,) = [value for value in body.values() if isinstance(value, list)]
        assert body["total"] == len(rows) == int(response.headers["X-Total-Count"])
        return [row["sourcedId"] for row in rows]


@contextmanager
def open_install(settings: Settings) -> Iterator[Install]:
    """The roster's API on a prepared install."""
    with open_context(settings) as context:
        app = create_app(settings, [*write_routers, *read_routers], context=context)
        with TestClient(app) as http:
            yield Install(context, http)


def publish(partner: Caller, name: str = "reading") -> None:
    """A course of one unit and two lessons: `{name}`, `{name}-u1`, `{name}-l1`, `{name}-l2`."""
    partner.put(f"/courses/{name}", {"course": {"title": name.title(), "subjects": ["Reading"]}})
    partner.put(f"/units/{name}-u1", {"title": "Unit 1", "course": {"sourcedId": name}})
    for place in (1, 2):
        partner.put(
            f"/lessons/{name}-l{place}",
            {"title": f"Lesson {place}", "sortOrder": place, "unit": {"sourcedId": f"{name}-u1"}},
        )


def enroll(
    writer: Caller, course: str, student: str, school: str | None = None, **enrollment: Any
) -> None:
    """A student in a class of a course: `{student}`, `{course}-class`, `{student}-{course}`."""
    at = {"school": {"sourcedId": school}} if school else {}
    home = {"primaryOrg": {"sourcedId": school}} if school else {}
    writer.put(
        f"/users/{student}",
        {
            "givenName": student.title(),
            "familyName": "Young",
            "email": f"{student}@example.org",
            "grades": [5],
            "phone": "555-0100",
            "metadata": {"goals": {"dailyXp": 90}},
            **home,
        },
    )
    writer.put(
        f"/classes/{course}-class", {"title": "Class", "course": {"sourcedId": course}, **at}
    )
    writer.put(
        f"/enrollments/{student}-{course}",
        {"user": {"sourcedId": student}, "class": {"sourcedId": f"{course}-class"}, **enrollment},
    )


@pytest.fixture(scope="package")
def running(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """A running API."""
    root: Path = tmp_path_factory.mktemp("roster") / "data"
    with open_install(make_settings(server_url, root)) as opened:
        yield opened


@pytest.fixture
def install(running: Install) -> Install:
    """The running API with an empty registry."""
    running.empty()
    return running

"""One install with the whole provider, and a browser and an app's backend that talk to it."""

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import psycopg
import pytest
from argon2 import PasswordHasher
from fastapi import APIRouter
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet

from core.access import Viewer
from core.context import Context, open_context
from core.dependencies import CurrentViewer, require_scope
from core.http import create_app
from core.identity import people
from core.identity.login_clients import NewLoginClient
from core.identity.router import router as identity_router
from core.settings import Settings
from tests.conftest import make_settings
from tests.core.identity import school
from tests.core.identity.school import CALLBACK, PASSWORD, Apps

VERIFIER = "a-code-verifier-of-at-least-forty-three-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().strip("=")
probe = APIRouter()


@probe.get("/probe")
def read_probe(viewer: CurrentViewer) -> str:
    return viewer.subject


@probe.get("/roster")
def read_roster(viewer: Annotated[Viewer, require_scope("roster.readonly")]) -> str:
    return viewer.subject


@dataclass(frozen=True)
class Install:
    """An install with its apps."""

    settings: Settings
    context: Context
    app: Any
    apps: Apps

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """A statement on the database, committed."""
        with psycopg.connect(str(self.settings.database_url)) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def browser(self) -> TestClient:
        """A browser that nobody used before; it follows no redirect by itself."""
        return TestClient(self.app, follow_redirects=False, raise_server_exceptions=False)


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Argon2 with the least cost: these tests sign in a hundred times."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "HASHER", quick)
        patch.setattr(people, "NOBODY", quick.hash("a password that no one has"))
        yield


@pytest.fixture(scope="session")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    settings = make_settings(server_url, tmp_path_factory.mktemp("sign-in") / "data")
    with quick_hashes(), psycopg.connect(str(settings.database_url)) as connection:
        apps = school.found(connection)
    with quick_hashes(), open_context(settings) as context:
        app = create_app(settings, [identity_router, probe], context=context)
        app.state.context = context
        yield Install(settings, context, app, apps)


@pytest.fixture
def rocket(install: Install) -> NewLoginClient:
    return install.apps.rocket


@dataclass
class Person:
    """Someone at a browser, sent by an app to sign in."""

    install: Install
    http: TestClient
    last: httpx.Response = field(default_factory=lambda: httpx.Response(204))

    def go(self, app: NewLoginClient, **changes: str | None) -> httpx.Response:
        """Follow an app's link; a change to None leaves the parameter out."""
        sent: dict[str, str | None] = {
            "response_type": "code",
            "client_id": app.client.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid profile email",
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        query = urlencode({name: value for name, value in sent.items() if value is not None})
        self.last = self.http.get(f"/auth/1.0/authorize?{query}")
        return self.last

    def send(self, **fields: str) -> httpx.Response:
        """Fill in the form of the last page and send it."""
        action = html.unescape(re.findall(r'action="([^"]+)"', self.last.text)[0])
        token = re.findall(r'name="csrf" value="([^"]+)"', self.last.text)[0]
        self.last = self.http.post(action, data={"csrf": token, **fields})
        return self.last

    def sign_in(
        self, app: NewLoginClient, who: str = "ana", password: str = PASSWORD, **changes: str | None
    ) -> httpx.Response:
        """Go to the form and sign in."""
        self.go(app, **changes)
        return self.send(email=f"{who}@maple.example", password=password, do="sign_in")

    def code(self, app: NewLoginClient, who: str = "ana", **changes: str | None) -> str:
        """Sign in and take the code that the app is sent."""
        self.go(app, **changes)
        form = {"email": f"{who}@maple.example", "password": PASSWORD}
        return parameters(self.send(**form))["code"]


def parameters(answer: httpx.Response) -> dict[str, str]:
    """What an app finds in the address that a browser is sent to."""
    assert answer.status_code in {302, 303}, answer.text
    query = urlsplit(answer.headers["location"]).query
    return {name: values[0] for name, values in parse_qs(query).items()}


@pytest.fixture
def person(install: Install) -> Person:
    return Person(install, install.browser())


@pytest.fixture
def new_person(install: Install) -> Callable[[], Person]:
    return lambda: Person(install, install.browser())


@dataclass(frozen=True)
class Backend:
    """An app's backend."""

    install: Install
    http: TestClient

    def token(self, app: NewLoginClient, **sent: str) -> httpx.Response:
        """Ask the token endpoint, with the app's secret if it has one."""
        auth = (app.client.client_id, app.client_secret) if app.client_secret else None
        body = sent if auth else {"client_id": app.client.client_id, **sent}
        answer: httpx.Response = self.http.post("/auth/1.0/token", data=body, auth=auth)
        return answer

    def exchange(self, app: NewLoginClient, code: str, /, **changes: str) -> httpx.Response:
        """Exchange a code."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        return self.token(app, **{name: value for name, value in sent.items() if value})

    def refresh(self, app: NewLoginClient, token: str, **more: str) -> httpx.Response:
        """Exchange a refresh token."""
        return self.token(app, grant_type="refresh_token", refresh_token=token, **more)

    def get(self, path: str, token: str) -> httpx.Response:
        """Read with an access token."""
        answer: httpx.Response = self.http.get(path, headers={"Authorization": f"Bearer {token}"})
        return answer

    def claims(self, id_token: str) -> dict[str, Any]:
        """The claims of an ID token, verified with the published keys alone."""
        keys = KeySet.import_key_set(self.http.get("/.well-known/jwks.json").json())
        return dict(jwt.decode(id_token, keys, ["ES256"]).claims)


@pytest.fixture
def backend(install: Install) -> Backend:
    return Backend(install, install.browser())

"""Another identity provider takes the place of our passwords: here, a second install of our own."""

import html
import re
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
import uvicorn
from fastapi.testclient import TestClient

from core.context import open_context
from core.http import create_app
from core.identity import login_clients, people
from core.identity.oidc.upstream import CALLBACK
from core.identity.router import router as identity_router
from core.registry import records
from core.settings import Settings
from tests.conftest import make_settings
from tests.core.identity import school
from tests.core.identity.conftest import Backend, Install, Person, parameters, quick_hashes

PROVIDER_PASSWORD = "a password of the district"


@pytest.fixture(scope="module")
def provider(
    server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, login_clients.NewLoginClient]]:
    """The district's provider, served on a port of its own; it knows Ana, and Zoe whom we don't."""
    made = make_settings(server_url, tmp_path_factory.mktemp("district") / "data")
    with socket.socket() as listening, quick_hashes():
        listening.bind(("127.0.0.1", 0))
        settings = made.model_copy(update={"port": listening.getsockname()[1]})
        with psycopg.connect(str(settings.database_url)) as connection:
            records.put(connection, "org", "maple", {"name": "Maple", "type": "school"})
            for user_id, name in (("s-ana", "Ana"), ("s-zoe", "Zoe")):
                records.put(connection, "user", user_id, school.user(name, "student", "maple"))
                people.create_person(
                    connection,
                    f"{name.lower()}@district.example",
                    PROVIDER_PASSWORD,
                    user_id=user_id,
                )
            client = login_clients.create_login_client(
                connection,
                "TimeBack",
                partner_client_id=None,
                redirect_uris=["http://127.0.0.1:8000" + CALLBACK],
            )
        with open_context(settings) as context:
            app = create_app(settings, [identity_router], context=context)
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            while not server.started:
                time.sleep(0.02)
            yield settings, client
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def federated(
    install: Install, provider: tuple[Settings, login_clients.NewLoginClient]
) -> Iterator[Install]:
    """Our install, which now trusts the district's provider."""
    upstream, client = provider
    settings = Settings(
        data_dir=install.settings.data_dir,
        database_url=install.settings.database_url,
        oidc_issuer=upstream.origin,
        oidc_client_id=client.client.client_id,
        oidc_client_secret=client.client_secret,
    )
    with open_context(settings) as context:
        app = create_app(settings, [identity_router], context=context)
        app.state.context = context
        yield Install(settings, context, app, install.apps)


def at_provider(url: str, who: str) -> httpx.Response:
    """Sign in at the district's page, in a browser that nobody used there."""
    with httpx.Client(follow_redirects=False) as browser:
        page = browser.get(url)
        action = html.unescape(re.findall(r'action="([^"]+)"', page.text)[0])
        token = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
        form = {"csrf": token, "email": f"{who}@district.example", "password": PROVIDER_PASSWORD}
        return browser.post(str(page.url.join(action)), data=form)


def path_of(answer: httpx.Response) -> str:
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def visitor(federated: Install) -> Person:
    return Person(federated, federated.browser())


def test_an_app_gets_its_code_and_notices_nothing(
    visitor: Person, federated: Install, provider: tuple[Settings, login_clients.NewLoginClient]
) -> None:
    rocket = federated.apps.rocket
    away = visitor.go(rocket, prompt="login", login_hint="ana")
    assert away.headers["location"].startswith(f"{provider[0].origin}/auth/1.0/authorize?")
    assert parameters(away)["code_challenge_method"] == "S256"
    back = visitor.http.get(path_of(at_provider(away.headers["location"], "ana")))
    sent = parameters(back)
    assert (sent["state"], sent["iss"]) == ("a state", federated.settings.origin)
    backend = Backend(federated, TestClient(federated.app))
    claims = backend.claims(backend.exchange(rocket, sent["code"]).json()["id_token"])
    assert (claims["sub"], claims["iss"]) == ("s-ana", federated.settings.origin)
    assert claims["email"] == "ana@maple.example"
    assert parameters(visitor.go(rocket))["code"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"prompt": "login"}, {"prompt": "login"}),
        ({"max_age": "60"}, {"prompt": "login"}),
        ({"prompt": "select_account"}, {"prompt": "select_account"}),
        ({"prompt": "consent"}, {"prompt": "select_account"}),
        ({"login_hint": "ana@maple.example"}, {"login_hint": "ana@maple.example"}),
    ],
)
def test_what_an_app_asks_for_is_asked_of_the_provider(
    visitor: Person, federated: Install, changes: dict[str, str], expected: dict[str, str]
) -> None:
    asked = parameters(visitor.go(federated.apps.rocket, **changes))
    assert {name: asked[name] for name in ("prompt", "login_hint") if name in asked} == expected


def test_someone_whom_we_do_not_know_is_told_so(visitor: Person, federated: Install) -> None:
    away = visitor.go(federated.apps.rocket)
    page = visitor.http.get(path_of(at_provider(away.headers["location"], "zoe")))
    assert page.status_code == 403
    assert "not known to TimeBack yet" in page.text


def test_a_return_is_good_once_and_only_in_the_browser_that_left(
    visitor: Person, federated: Install
) -> None:
    away = visitor.go(federated.apps.rocket)
    back = path_of(at_provider(away.headers["location"], "ana"))
    stranger = federated.browser()
    for path in (back, "/auth/1.0/callback", "/auth/1.0/callback?state=x&code=y"):
        assert stranger.get(path).status_code == 502
    assert parameters(visitor.http.get(back))["code"]
    assert visitor.http.get(back).status_code == 502


def test_the_password_form_is_gone(visitor: Person, federated: Install) -> None:
    away = visitor.go(federated.apps.rocket)
    visitor.http.get(path_of(at_provider(away.headers["location"], "ana")))
    form = {"email": "gil@maple.example", "password": school.PASSWORD}
    visitor.go(federated.apps.rocket, prompt="select_account")
    right_token = visitor.send(**form, do="sign_in")
    without = visitor.http.post(str(visitor.last.request.url), data=form)
    for answer in (right_token, without):
        assert answer.headers["location"].startswith(str(federated.settings.oidc_issuer))


def test_a_provider_that_is_down_is_said_on_a_page(federated: Install) -> None:
    settings = federated.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    with open_context(settings) as context:
        app = create_app(settings, [identity_router], context=context)
        app.state.context = context
        page = Person(federated, TestClient(app, follow_redirects=False)).go(federated.apps.rocket)
    assert page.status_code == 502
    assert "It cannot be reached." in page.text

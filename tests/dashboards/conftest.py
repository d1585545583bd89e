"""The two small schools behind a running API, and pages opened as one of their people."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import streamlit as st
import uvicorn
from streamlit.testing.v1 import AppTest

import dashboards
from api.audit.router import router as audit_router
from api.documentation.router import router as documentation_router
from api.events.router import router as events_router
from api.explain.router import router as explain_router
from api.reports.routers import routers
from api.sql.router import router as sql_router
from core import http
from core.builds.reader import PublishedLake
from core.context import Context, open_context
from core.identity.router import router as identity_router
from core.settings import Settings
from dashboards.client import ReadApi
from dashboards.session import KEY, SignedIn
from tests.conftest import make_settings
from tests.dashboards import school
from tests.people import find, token_of

APP = Path(dashboards.__file__).parent / "app.py"


@dataclass(frozen=True)
class Running:
    """An install that is served at `url`."""

    settings: Settings
    context: Context
    url: str

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """A query on the published marts."""
        with self.context.lake.lease() as lake:
            published: PublishedLake = lake
            return published.rows(sql, parameters or {})


@contextmanager
def served(settings: Settings) -> Iterator[Running]:
    """An install, served by uvicorn in a thread."""
    with open_context(settings) as context, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        routed = [
            *routers,
            events_router,
            explain_router,
            documentation_router,
            sql_router,
            identity_router,
            audit_router,
        ]
        app = http.create_app(settings, routed, context=context)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Running(settings, context, f"http://127.0.0.1:{listening.getsockname()[1]}")
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def running(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The schools, served."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("dashboards") / "data")
    school.found(settings)
    with served(settings) as made:
        yield made


@pytest.fixture
def api(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadApi]:
    """A client without a viewer; dashboards opened in this test ask the same API."""
    monkeypatch.setenv("TIMEBACK_API_URL", running.url)
    st.cache_resource.clear()
    yield ReadApi(httpx.Client(base_url=running.url))
    st.cache_resource.clear()


Open = Callable[..., AppTest]


@pytest.fixture
def sign_in(api: ReadApi, running: Running) -> Callable[[str], SignedIn]:
    """Someone signed in, by the part of the e-mail before the @."""
    emails = {
        "root": "root@alpha.test",
        "ana": "ana@alpha.test",
        "new": "new@alpha.test",
        "mia": "mia@math.test",
    }

    def signed_in(who: str) -> SignedIn:
        assert api is not None
        person = find(running.context, emails.get(who, f"{who}@school.test"))
        token = token_of(running.context, person)
        return SignedIn(person.name, person.roles, token, time.time(), time.time() + 600)

    return signed_in


@pytest.fixture
def open_page(sign_in: Callable[[str], SignedIn]) -> Open:
    """Open a page as someone, with parameters in its address."""

    def opened(page: str, who: str, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.session_state[KEY] = sign_in(who)
        app.run().switch_page(f"views/{page}")
        for name, value in parameters.items():
            app.query_params[name] = value
        return app.run()

    return opened

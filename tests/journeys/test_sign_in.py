"""Sign in with TimeBack in a real browser: a partner's app, and the dashboards as each role."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from core.cli.server import create_app
from core.context import open_context
from core.identity import clients, login_clients, people
from core.settings import Settings
from dashboards.capture import FLAGS, sign_in
from tests.conftest import make_settings
from tests.dashboards import roster, school
from tests.journeys import sample_partner_app
from tests.journeys.test_kill_api import free_port

CHROMIUM = Path("/usr/bin/chromium")
WAIT_MS = 30_000
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@dataclass(frozen=True)
class Stack:
    """What runs: the API, the dashboards and a partner's app."""

    settings: Settings
    api: FastAPI
    rocket: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(str(self.settings.database_url)) as connection:
            return connection.execute(sql).fetchall()


@contextmanager
def served(app: Any, port: int) -> Iterator[None]:
    """An app behind uvicorn, in a thread."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield
        server.should_exit = True
        thread.join()


@contextmanager
def dashboards_of(settings: Settings) -> Iterator[None]:
    """`timeback run dashboards` in a process of its own, until it answers."""
    environment = os.environ | {
        "TIMEBACK_DATA_DIR": str(settings.data_dir),
        "TIMEBACK_DATABASE_URL": str(settings.database_url),
        "TIMEBACK_PORT": str(settings.port),
        "TIMEBACK_DASHBOARDS_PORT": str(settings.dashboards_port),
    }
    environment.pop("TIMEBACK_API_URL", None)
    command = [sys.executable, "-m", "core.cli", "run", "dashboards"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while True:
        try:
            httpx.get(f"{settings.dashboards_origin}/_stcore/health").raise_for_status()
            break
        except httpx.HTTPError:
            assert process.poll() is None
            time.sleep(0.1)
    yield
    process.send_signal(signal.SIGTERM)
    process.wait()


def hand_over(settings: Settings, port: int) -> sample_partner_app.Bundle:
    """Register a partner with its app, as `timeback partner create` does."""
    redirect_uri = f"http://127.0.0.1:{port}/callback"
    with psycopg.connect(str(settings.database_url)) as connection:
        backend = clients.create_client(connection, "Reading Rocket", mode="production")
        app = login_clients.create_login_client(
            connection,
            "Reading Rocket",
            partner_client_id=backend.client.client_id,
            redirect_uris=[redirect_uri],
        )
        people.create_person(connection, "eli@school.test", roster.PASSWORD, user_id="eli")
    assert app.client_secret is not None
    return sample_partner_app.Bundle(
        settings.origin,
        app.client.client_id,
        app.client_secret,
        backend.client.client_id,
        backend.client_secret,
        redirect_uri,
        "math-5",
        "math-5-l1",
    )


@pytest.fixture(scope="module")
def stack(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    made = make_settings(server_url, tmp_path_factory.mktemp("browser") / "data")
    ports = {"port": free_port(), "dashboards_port": free_port()}
    settings = made.model_copy(update=ports)
    school.found(settings)
    port = free_port()
    bundle = hand_over(settings, port)
    with ExitStack() as running:
        context = running.enter_context(open_context(settings))
        api = create_app(settings, context=context)
        running.enter_context(served(api, settings.port))
        running.enter_context(served(sample_partner_app.create_app(bundle), port))
        running.enter_context(dashboards_of(settings))
        yield Stack(settings, api, f"http://127.0.0.1:{port}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that nobody used before; what it asks of elsewhere fails the test."""
    with browser.new_context() as context:
        context.set_default_timeout(WAIT_MS)
        foreign: list[str] = []
        context.on(
            "request",
            lambda sent: (
                None
                if "//127.0.0.1:" in sent.url or sent.url.startswith("data:")
                else foreign.append(sent.url)
            ),
        )
        yield context.new_page()
        assert foreign == []


def test_a_partners_event_carries_the_sourced_id_that_its_app_got(page: Page, stack: Stack) -> None:
    page.goto(stack.rocket)
    page.get_by_role("link", name="Sign in with TimeBack").click()
    assert "to continue to Reading Rocket" in page.inner_text("main")
    page.get_by_label("E-mail or username").fill("ada@school.test")
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    assert "do not match" in page.get_by_role("alert").inner_text()
    page.get_by_label("Password").fill(roster.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hello Ada").wait_for()
    page.get_by_role("button").click()
    assert page.get_by_role("heading").inner_text() == "Sent: 202"
    event_id = page.locator("p").inner_text()
    [(body,)] = stack.rows("select body from journal.requests order by seq desc limit 1")
    [event] = json.loads(bytes(body))["data"]
    assert (event["id"], event["actor"]["id"]) == (event_id, "ada")


@pytest.mark.parametrize(
    ("email", "title", "path"),
    [
        ("gwen@school.test", "Today", "guide-today"),
        ("pat@school.test", "Today", "parent-today"),
        ("amy@school.test", "Schools", "schools"),
        ("mia@math.test", "Integration", "integration"),
        ("ana@alpha.test", "Warehouse", "warehouse"),
        ("ada@school.test", "Student", "student"),
    ],
    ids=["guide", "parent", "admin", "partner", "analyst", "student"],
)
def test_each_role_signs_in_to_the_dashboards_and_sees_its_first_page(
    page: Page, stack: Stack, email: str, title: str, path: str
) -> None:
    sign_in(page, stack.settings.dashboards_origin, email, roster.PASSWORD)
    page.get_by_role("heading", name=title, level=1).wait_for()
    page.wait_for_url(f"**/{path}*")
    assert "You cannot see this" not in page.inner_text("body")


def test_a_link_leads_through_sign_in_to_its_page_and_filters(page: Page, stack: Stack) -> None:
    sign_in(
        page,
        f"{stack.settings.dashboards_origin}/student?student=ben",
        "gwen@school.test",
        roster.PASSWORD,
    )
    page.wait_for_url("**/student?student=ben*")
    page.get_by_text("Ben Brooks").first.wait_for()


def test_a_token_that_ran_out_is_renewed_unasked_and_signing_out_ends_both(
    page: Page, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = stack.settings.dashboards_origin
    brief = stack.settings.model_copy(update={"token_seconds": 5})
    context = replace(stack.api.state.context, settings=brief)
    monkeypatch.setattr(stack.api.state, "context", context)
    sign_in(page, origin, "gwen@school.test", roster.PASSWORD)
    page.goto(f"{origin}/student?student=ben")
    page.get_by_text("Ben Brooks").first.wait_for()
    issued = "select count(*) from identity.audit_log where action = 'token.issue'"
    [(before,)] = stack.rows(issued)
    page.wait_for_timeout(1000 * (brief.token_seconds + 1))
    page.reload()
    page.wait_for_url("**/student?student=ben*")
    page.get_by_text("Ben Brooks").first.wait_for()
    [(after,)] = stack.rows(issued)
    assert after > before
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with TimeBack").click()
    page.get_by_label("E-mail or username").wait_for()

"""The dashboards' first visitor after a start, who clicks at once, gets to sign in."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from core.cli.server import create_app
from core.context import open_context
from core.settings import Settings
from tests.browser.conftest import WIDE
from tests.conftest import make_settings
from tests.dashboards import school
from tests.journeys.test_kill_api import free_port
from tests.journeys.test_sign_in import dashboards_of, served

MOST_MS = 20_000  # from the click to the hosted page; the machine may do other things beside


@pytest.fixture
def settings(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The two small schools, of which nothing runs yet."""
    made = make_settings(server_url, tmp_path_factory.mktemp("cold") / "data")
    school.found(made)
    return made.model_copy(update={"port": free_port(), "dashboards_port": free_port()})


@contextmanager
def first_click(settings: Settings, browser: Browser, path: str = "/") -> Iterator[Page]:
    """Start the dashboards, open an address and click as soon as there is something to click."""
    with dashboards_of(settings), browser.new_context(viewport=WIDE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(settings.dashboards_origin + path)
        button = page.get_by_role("button", name="Sign in with TimeBack")
        button.wait_for(timeout=60_000)
        button.click()
        yield page


@pytest.mark.parametrize("path", ["/", "/student?student=stu-ana"])
def test_the_first_click_after_a_start_leads_to_the_sign_in_page(
    settings: Settings, browser: Browser, path: str
) -> None:
    """Also by a link: a folder `pages` would make Streamlit miss its page once a start."""
    with open_context(settings) as context:
        api = create_app(settings, context=context)
        with served(api, settings.port), first_click(settings, browser, path) as page:
            page.wait_for_url(f"{settings.origin}/**", timeout=MOST_MS)
            expect(page.get_by_label("E-mail or username")).to_be_visible()


def test_a_click_while_the_api_still_starts_says_so_and_is_not_lost(
    settings: Settings, browser: Browser
) -> None:
    with open_context(settings) as context, socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", settings.port))
        listening.listen()
        api = create_app(settings, context=context)
        server = uvicorn.Server(uvicorn.Config(api, log_level="warning"))
        starting = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        with first_click(settings, browser) as page:
            expect(page.get_by_text("Going to the sign-in page")).to_be_visible()
            starting.start()
            page.wait_for_url(f"{settings.origin}/**", timeout=MOST_MS)
            expect(page.get_by_label("E-mail or username")).to_be_visible()
        server.should_exit = True
        starting.join()

"""One install, one server and one Chromium for all; each role signs in once, at the hosted page."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from core.cli.server import create_app
from core.context import Context, open_context
from dashboards.capture import AT_REST, FLAGS, sign_in
from tests.conftest import make_settings
from tests.dashboards import roster, school
from tests.journeys.test_kill_api import free_port
from tests.journeys.test_sign_in import CHROMIUM, dashboards_of, served

WIDE = {"width": 1280, "height": 900}
EMAILS = {
    "guide": "gwen@school.test",
    "parent": "pat@school.test",
    "student": "ada@school.test",
    "admin": "amy@school.test",
    "analyst": "ana@alpha.test",
    "partner": "mia@math.test",
}
WAIT_MS = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing here runs without Debian's Chromium."""
    if not CHROMIUM.exists():
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="needs Debian's chromium"))


@dataclass(frozen=True)
class Stack:
    """The dashboards at `url`, and the marts behind them."""

    url: str
    context: Context

    def row(self, sql: str) -> dict[str, Any]:
        """The one row that a query on the published marts answers."""
        with self.context.lake.lease() as lake:
            (found,) = lake.rows(sql)
        return dict(found)

    def figure(self, sql: str) -> float:
        """The one value that a query on the published marts answers."""
        (value,) = self.row(sql).values()
        return float(value)


@pytest.fixture(scope="session")
def stack(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The two small schools, served as `timeback up` serves them."""
    made = make_settings(server_url, tmp_path_factory.mktemp("pages") / "data")
    settings = made.model_copy(update={"port": free_port(), "dashboards_port": free_port()})
    school.found(settings)
    with ExitStack() as running:
        context = running.enter_context(open_context(settings))
        app = create_app(settings, context=context)
        running.enter_context(served(app, settings.port))
        running.enter_context(dashboards_of(settings))
        yield Stack(settings.dashboards_origin, context)


@pytest.fixture(scope="package")  # an open Playwright holds the event loop of its thread
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def signed_in(stack: Stack, browser: Browser) -> Callable[[str], Page]:
    """The browser page of someone of that role."""
    pages: dict[str, Page] = {}

    def page_of(role: str) -> Page:
        if role not in pages:
            context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
            context.set_default_timeout(WAIT_MS)
            pages[role] = context.new_page()
            sign_in(pages[role], stack.url, EMAILS[role], roster.PASSWORD)
        return pages[role]

    return page_of


Visit = Callable[..., Page]


@pytest.fixture
def visit(stack: Stack, signed_in: Callable[[str], Page]) -> Visit:
    """Open a page as a role and wait until it has run."""

    def opened(role: str, path: str) -> Page:
        page = signed_in(role)
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        page.goto(f"{stack.url}/{path}")
        at_rest(page)
        return page

    return opened


def at_rest(page: Page) -> None:
    """Wait until the page has its title and its figures."""
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_timeout(150)
    page.locator(AT_REST).wait_for()
    page.get_by_test_id("stSkeleton").first.wait_for(state="detached")

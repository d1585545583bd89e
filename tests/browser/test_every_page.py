"""Every page of every role in a real browser: light and dark, for everyone, on a phone."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from dashboards.navigation import PAGES_OF_ROLE
from tests.browser.conftest import EMAILS, Stack, Visit

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Streamlit's own menu puts its headings between list items, which no page can mend.
RUN_AXE = """() => axe.run(
    {exclude: [['[data-testid="stSidebarNavItems"]']]}, {resultTypes: ["violations"]}
).then(found =>
    found.violations.filter(one => ["serious", "critical"].includes(one.impact)).map(one => ({
        id: one.id, nodes: one.nodes.map(node => node.target.join(" ") + ": " + node.html)
    })))"""
UNBUILT = (
    "No figures right now. The dbt docs are written after the first build"  # dbt made none here
)
PHONE = {"width": 390, "height": 844}
EVERY = [(role, url) for role in EMAILS for _, _, url, _ in PAGES_OF_ROLE[role][1]]


def faults(page: Page) -> list[Any]:
    """What axe finds serious or critical."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[Any] = page.evaluate(RUN_AXE)
    return found


@pytest.mark.parametrize(("role", "path"), EVERY, ids=lambda value: value)
def test_a_page_opens_for_everyone_light_dark_and_on_a_phone(
    role: str, path: str, visit: Visit
) -> None:
    page = visit(role, path)
    words = page.inner_text("body")
    assert "You cannot see this" not in words
    assert "No figures right now" not in words.replace(UNBUILT, "")
    assert page.get_by_test_id("stException").count() == 0
    assert page.title().endswith(" · TimeBack")
    assert page.locator("html").get_attribute("lang") == "en"
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        )
        == "rgb(15, 22, 29)"
    )
    assert faults(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.wait_for_timeout(150)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def test_the_way_in_is_open_to_everyone(stack: Stack, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(stack.url)
            page.get_by_role("button", name="Sign in with TimeBack").wait_for()
            assert faults(page) == []

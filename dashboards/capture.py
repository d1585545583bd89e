"""Pictures of every page, wide and as on a phone, light or dark: `python -m dashboards.capture`.

Needs the `playwright` package and a Chromium; the dashboards must be running.
"""

import argparse
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from dashboards.navigation import PAGES_OF_ROLE

SIZES = {"": (1360, 900), "-phone": (390, 844)}  # what a file name ends in, pixels
Scheme = Literal["light", "dark"]
SCHEMES: dict[Scheme, str] = {"light": "", "dark": "-dark"}  # what a file name has after its page
WAIT_MS = 30_000
SETTLE_MS = 1_500  # charts draw themselves after the page says that it is done
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HEIGHT_JS = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main ? main.scrollHeight : document.body.scrollHeight;
}"""


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    """Sign in at the hosted page and wait for the first page."""
    page.goto(url)
    page.get_by_role("button", name="Sign in with TimeBack").click()
    page.get_by_label("E-mail or username").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_test_id("stMarkdown").first.wait_for(timeout=WAIT_MS)


def settle(page: Page) -> None:
    """Wait until the page has run and its charts are drawn."""
    page.wait_for_timeout(SETTLE_MS)
    page.locator(AT_REST).wait_for(timeout=WAIT_MS)
    page.get_by_test_id("stSkeleton").first.wait_for(state="detached", timeout=WAIT_MS)
    page.wait_for_timeout(SETTLE_MS)


def shoot(page: Page, width: int, height: int, path: Path) -> None:
    """One picture of the whole page, however long."""
    page.set_viewport_size({"width": width, "height": height})
    settle(page)
    page.set_viewport_size({"width": width, "height": max(height, page.evaluate(HEIGHT_JS))})
    settle(page)
    page.screenshot(path=path)


@dataclass(frozen=True)
class Album:
    """What is pictured, and where the pictures go."""

    url: str
    query: str  # of every address: day=2026-11-25
    scheme: Scheme
    out: Path
    taken: set[Path] = field(default_factory=set)


def capture(browser: Browser, album: Album, role: str, email: str, password: str) -> None:
    """All pages of one role, wide as `<page>.png` and as on a phone as `<page>-phone.png`.

    Dark ones are `<page>-dark.png` and `<page>-dark-phone.png`. A page that another role has shown
    in this run already keeps its pictures.
    """
    _, pages = PAGES_OF_ROLE[role]
    for ending, (width, height) in SIZES.items():
        viewport: ViewportSize = {"width": width, "height": height}
        with browser.new_context(viewport=viewport, color_scheme=album.scheme) as context:
            page = context.new_page()
            sign_in(page, album.url, email, password)
            for _, _, url_path, _ in pages:
                path = album.out / f"{url_path}{SCHEMES[album.scheme]}{ending}.png"
                if path not in album.taken:
                    page.goto(f"{album.url}/{url_path}?{album.query}")
                    shoot(page, width, height, path)
                    album.taken.add(path)


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description="Take pictures of every page.")
    parser.add_argument("--url", default="http://127.0.0.1:8501", help="the dashboards")
    parser.add_argument("--query", default="", help="of every page: day=2026-11-25")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument("--scheme", choices=SCHEMES, default="light", help="of colours")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="a Chromium")
    parser.add_argument(
        "sign_ins", nargs="+", metavar="ROLE=E-MAIL", help=f"one of {', '.join(PAGES_OF_ROLE)}"
    )
    arguments = parser.parse_args()
    password = os.environ.get("TIMEBACK_CAPTURE_PASSWORD")
    if password is None:
        parser.error("set TIMEBACK_CAPTURE_PASSWORD to the password of these people")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        album = Album(arguments.url, arguments.query, arguments.scheme, arguments.out)
        browser = playwright.chromium.launch(executable_path=arguments.browser, args=FLAGS)
        for sign_in_as in arguments.sign_ins:
            role, _, email = sign_in_as.partition("=")
            capture(browser, album, role, email, password)
        browser.close()


if __name__ == "__main__":
    main()

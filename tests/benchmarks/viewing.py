"""The dashboards under 20 viewers at once, on a school of 500 students and half a year.

Viewers speak Streamlit's own WebSocket protocol, each signed in as a person of the school, and
read for some seconds between pages. Then they do it again while one more opens pages in Chromium,
so that what a browser adds is measured too: on the same cores as the servers, unlike a school's.
"""

import asyncio
import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import psycopg
import websockets
from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.builds.build import Builder
from core.identity.people import create_person
from core.settings import Settings
from dashboards.capture import FLAGS, sign_in
from dashboards.navigation import PAGES_OF_ROLE
from tests.benchmarks import processes
from tests.benchmarks.report import Report, at_most
from tests.benchmarks.school import School
from tests.journeys.test_sign_in import CHROMIUM

EVENTS_OF_500_STUDENTS = 1_400_000  # in three weeks
DAYS = 180
VIEWERS = {"guide": 12, "parent": 6, "admin": 1, "partner": 1}
PAUSE_SECONDS = (5.0, 10.0)  # people read what they opened
LIMIT_SECONDS = 1.5  # 95 of 100 pages
PICTURE = "[data-testid=stVegaLiteChart]:not([data-stale=true] *) :is(canvas, svg)"
PASSWORD = "a password of the benchmark"


@dataclass(frozen=True)
class Dashboards:
    """The running pages, and who may look at them: role and e-mail of each viewer."""

    url: str
    viewers: list[tuple[str, str]]


@dataclass
class Openings:
    """Seconds from asking for a page until all of it was there, by page."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def timed(self, page: str) -> Iterator[None]:
        """Count what happens in the block as one opening of a page."""
        started = time.perf_counter()
        yield
        self.seconds[page].append(time.perf_counter() - started)

    def percentile(self, share: float) -> float:
        """What `share` (0 to 1) of all openings stayed under."""
        every = sorted(second for page in self.seconds.values() for second in page)
        return every[min(len(every) - 1, int(share * len(every)))]

    def __str__(self) -> str:
        return f"p50 {self.percentile(0.5):.2f} s, p95 {self.percentile(0.95):.2f} s"


def run(school: School, openings: int, report: Report) -> None:
    """Measure and report; missed if 95 of 100 pages are not whole within the limit."""
    with Builder(school.ours.settings).open() as builder:
        builder.build()
    events = school.ours.query("select count(*) from lake.raw.events")
    viewers = _enroll(school)
    with _serve(school, viewers) as dashboards, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cookies = {
            email: _cookies(browser, dashboards.url, email)
            for email in {email for _, email in viewers}
        }
        alone, beside = Openings(), Openings()
        with _meanwhile(_look_all(dashboards, cookies, openings, alone)):
            pass  # nothing but them
        with _meanwhile(_look_all(dashboards, cookies, openings, beside)) as looking:
            anew, by_menu = _paint(browser, dashboards, looking)
        browser.close()
    for page, seconds in sorted(alone.seconds.items()):
        report.note(f"{page}: slowest of {len(seconds)} {max(seconds):.2f} s")
    report.row(
        f"dashboards, {sum(VIEWERS.values())} viewers",
        str(alone),
        f"a page is whole, {events:,} events",
        goals=[at_most(LIMIT_SECONDS, "s", alone.percentile(0.95))],
    )
    report.row("the same beside Chromium", str(beside), "which has the servers' cores too")
    report.row("one more, in Chromium", str(by_menu), "by the menu, until the first picture")
    report.row("the same by its address", str(anew), "the whole app loaded anew")


@contextmanager
def _meanwhile(work: Coroutine[Any, Any, None]) -> Iterator[threading.Thread]:
    """Do this in a thread while the block runs, and to its end; its error is raised here.

    Not in this one: an open Playwright holds its event loop.
    """
    failures: list[BaseException] = []

    def finish() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # to be raised where the benchmark runs
            failures.append(error)

    thread = threading.Thread(target=finish)
    thread.start()
    yield thread
    thread.join()
    if failures:
        raise failures[0]


def _enroll(school: School) -> list[tuple[str, str]]:
    """Make a login for each viewer; roles and e-mails, repeated until there are enough."""
    parents = {student.parent.email: student.parent for student in school.plan.roster.students}
    people = {
        "guide": school.plan.roster.guides,
        "parent": tuple(parents.values())[: VIEWERS["parent"]],
        "admin": (school.plan.roster.admin,),
    }
    partner = next(iter(school.partners.values())).client_id
    with psycopg.connect(school.ours.url) as connection:
        for person in (one for group in people.values() for one in group):
            create_person(connection, person.email, PASSWORD, user_id=person.user_id)
        create_person(connection, "partner@bench.example", PASSWORD, client_id=partner)
    emails = {role: [person.email for person in group] for role, group in people.items()}
    emails["partner"] = ["partner@bench.example"]
    return [
        (role, emails[role][number % len(emails[role])])
        for role, count in VIEWERS.items()
        for number in range(count)
    ]


@contextmanager
def _serve(school: School, viewers: list[tuple[str, str]]) -> Iterator[Dashboards]:
    """The API and the dashboards, each in a process of its own."""
    ours = school.ours
    port = processes.free_port()
    with ours.server() as server:
        environment = ours.environment | {
            "TIMEBACK_PORT": str(server.port),
            "TIMEBACK_DASHBOARDS_PORT": str(port),
        }
        settings = Settings(data_dir=ours.settings.data_dir, dashboards_port=port)
        command = [sys.executable, "-m", "core.cli", "run", "dashboards"]
        with processes.running(command, environment, ours.root / "dashboards.log") as process:
            processes.wait_for(f"{settings.dashboards_origin}/_stcore/health", process)
            yield Dashboards(settings.dashboards_origin, viewers)


def _cookies(browser: Browser, url: str, email: str) -> str:
    """The `Cookie` header of someone who signed in at the hosted page."""
    with browser.new_context() as context:
        sign_in(context.new_page(), url, email, PASSWORD)
        return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies(url))


async def _look_all(
    dashboards: Dashboards, cookies: dict[str, str], openings: int, seen: Openings
) -> None:
    await asyncio.gather(
        *(
            _look(dashboards.url, role, cookies[email], openings, seen, random.Random(number))
            for number, (role, email) in enumerate(dashboards.viewers)
        )
    )


async def _look(
    url: str, role: str, cookie: str, openings: int, seen: Openings, dice: random.Random
) -> None:
    """One viewer: opens the role's pages one after another, with pauses."""
    pages = [path for _, _, path, _ in PAGES_OF_ROLE[role][1]]
    stream = url.replace("http", "ws", 1) + "/_stcore/stream"
    await asyncio.sleep(dice.uniform(0, PAUSE_SECONDS[1]))
    async with websockets.connect(
        stream,
        origin=url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie},
        subprotocols=["streamlit", _double_submitted(cookie)],  # type: ignore[list-item]
        max_size=None,
    ) as socket:
        for number in range(openings):
            page = pages[number % len(pages)]
            message = BackMsg()
            message.rerun_script.page_name = page
            message.rerun_script.context_info.timezone = "America/Chicago"
            message.rerun_script.context_info.url = f"{url}/{page}"
            with seen.timed(f"{role} {page}"):
                await socket.send(message.SerializeToString())
                await _whole(socket, page)
            await asyncio.sleep(dice.uniform(*PAUSE_SECONDS))


def _double_submitted(cookie: str) -> str:
    """What a browser sends beside the cookie of the same name, to be believed."""
    return SimpleCookie(cookie)["_streamlit_xsrf"].value


async def _whole(socket: websockets.ClientConnection, page: str) -> None:
    """Wait until the page's script has ended; RuntimeError if it shows no figures."""
    elements = 0
    while True:
        message = ForwardMsg()
        received = await socket.recv()
        assert isinstance(received, bytes)
        message.ParseFromString(received)
        kind = message.WhichOneof("type")
        if kind == "delta":
            elements += 1
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise RuntimeError(f"{page}: {element.exception.message}")
            if element.button.label == "Sign in with TimeBack":
                raise RuntimeError(f"{page} is shown to nobody")
        elif kind == "script_finished" and message.script_finished == (
            ForwardMsg.FINISHED_SUCCESSFULLY
        ):
            if elements < 5:
                raise RuntimeError(f"{page} shows {elements} elements")
            return


def _paint(
    browser: Browser, dashboards: Dashboards, looking: threading.Thread
) -> tuple[Openings, Openings]:
    """A guide opens pages in Chromium for as long as the others look: anew, and by the menu."""
    role, email = dashboards.viewers[0]
    anew, by_menu = Openings(), Openings()
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        sign_in(page, dashboards.url, email, PASSWORD)
        while looking.is_alive():
            for _, _, path, _ in PAGES_OF_ROLE[role][1]:
                with anew.timed(path):
                    page.goto(f"{dashboards.url}/{path}")
                    page.locator(PICTURE).first.wait_for()
                page.wait_for_timeout(1000 * PAUSE_SECONDS[0])
            for _, title, path, _ in PAGES_OF_ROLE[role][1]:
                with by_menu.timed(path):
                    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
                    page.get_by_role("heading", level=1, name=title).wait_for()
                    page.locator(PICTURE).first.wait_for()
                page.wait_for_timeout(1000 * PAUSE_SECONDS[0])
    return anew, by_menu

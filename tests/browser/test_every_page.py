"""Every page of every role in a real browser: true, light and dark, for everyone, on a phone."""

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
ON = "'2026-11-20'"  # the day of the schools' last build
WEEK = f"local_on between '2026-11-16' and {ON}"
GOALS = "select sum(earned_xp) from fct_daily_goals where subject = 'All' and school_id = 'north'"
NORTH = "student_id in (select student_id from dim_students where school_id = 'north')"
KNOWN = "client_id = 'tb-math' and student_id <> 'eli'"  # to the partner
# A figure of each page in its sentence, and what it is in the marts.
FIGURES = {
    "guide-today": (
        "{} of 4 students need you",
        f"select count(distinct student_id) from fct_off_track_flags where {NORTH}",
    ),
    "student": (
        "Ada Alvarez has {} of 60 XP",
        f"{GOALS} and student_id = 'ada' and local_on = {ON}",
    ),
    "class-grid": ("▼ {}", f"{GOALS} and student_id = 'ada' and {WEEK}"),
    "stuck-lessons": (
        "{} lessons hold up 1 of 4 students",
        "select count(distinct lesson_id) from fct_lesson_mastery"
        " where is_struggling and school_id = 'north'",
    ),
    "week-review": ("earned {} XP", f"{GOALS} and {WEEK} and local_on < {ON}"),
    "parent-today": (
        "Ada earned {} of 60 XP today",
        f"{GOALS} and student_id = 'ada' and local_on = {ON}",
    ),
    "parent-week": ("Ada earned {} XP this week", f"{GOALS} and student_id = 'ada' and {WEEK}"),
    "what-xp-means": (
        "together they are {} XP",
        "select sum(xp) from fct_xp_ledger"
        f" where student_id = 'ada' and earned_on = {ON} and status = 'credited'",
    ),
    "schools": (
        "are active today, with {} XP",
        "select sum(xp) from agg_student_day_lesson__activity"
        f" where school_id = 'north' and local_on = {ON}",
    ),
    "apps": (
        "{} groups with fewer than 5 students are hidden",
        "select count(distinct client_id) from agg_student_day_lesson__activity"
        " where school_id = 'north'",
    ),
    "roster-health": (
        "something for {} students",
        f"select count(*) from dim_students where {NORTH}",
    ),
    "data-health": (
        "of {} events were accepted",
        f"select count(*) from fct_event_verdicts where {NORTH}",
    ),
    "integration": (
        "of {} events of the last 14 days",
        "select sum(event_count) from agg_client_day__verdicts where client_id = 'tb-math'",
    ),
    "usage": ("and {} XP", f"select sum(xp) from agg_student_day_lesson__activity where {KNOWN}"),
    "content": (
        "of {} lessons begun are mastered",
        f"select count(*) from fct_lesson_mastery where mastery_state <> 'not_started' and {KNOWN}",
    ),
}
ELSEWHERE = {"access-log", "builds", "reconcile", "warehouse"}  # no mart is behind their figures
PHONE = {"width": 390, "height": 844}
EVERY = [(role, url) for role in EMAILS for _, _, url, _ in PAGES_OF_ROLE[role][1]]


def faults(page: Page) -> list[Any]:
    """What axe finds serious or critical."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[Any] = page.evaluate(RUN_AXE)
    return found


def test_a_figure_is_known_of_every_page() -> None:
    assert set(FIGURES) | ELSEWHERE == {path for _, path in EVERY}


@pytest.mark.parametrize(("role", "path"), EVERY, ids=lambda value: value)
def test_a_page_is_true_and_for_everyone_light_dark_and_on_a_phone(
    role: str, path: str, visit: Visit, stack: Stack
) -> None:
    page = visit(role, path)
    words = page.inner_text("body")
    assert "You cannot see this" not in words
    assert "No figures right now" not in words.replace(UNBUILT, "")
    assert page.get_by_test_id("stException").count() == 0
    if path in FIGURES:
        said, sql = FIGURES[path]
        assert said.format(f"{stack.figure(sql):,.1f}".removesuffix(".0")) in words
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

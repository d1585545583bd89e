"""People use the dashboards in a real browser, by mouse and by keyboard; what they read is true."""

import csv
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import Stack, Visit, at_rest

ON = "'2026-11-20'"  # the day of the schools' last build


def downloaded(page: Page, number: int = 0) -> tuple[str, list[dict[str, str]]]:
    """Name and rows of the page's CSV of that number."""
    with page.expect_download() as waiting:
        page.get_by_test_id("stDownloadButton").filter(has_text="CSV").nth(number).click()
    path = Path(waiting.value.path())
    return waiting.value.suggested_filename, list(csv.DictReader(path.open(encoding="utf-8-sig")))


def figure(page: Page, label: str) -> str:
    """A key figure as it stands on the page."""
    metric = page.get_by_test_id("stMetric").filter(has_text=label).first
    return metric.get_by_test_id("stMetricValue").inner_text()


def test_a_guide_reads_the_class_goes_to_a_student_and_back(visit: Visit, stack: Stack) -> None:
    page = visit("guide", "guide-today")
    facts = stack.row(
        "select sum(earned_xp) as xp from fct_daily_goals"
        f" where school_id = 'north' and local_on = {ON} and subject = 'All'"
    )
    name, rows = downloaded(page)
    assert sum(float(row["earned_xp"]) for row in rows) == float(facts["xp"])
    assert name.endswith("2026-11-20.csv")
    page.get_by_text("Ben Brooks").first.wait_for()
    page.locator("a[href*='student'], button").filter(has_text="Ben Brooks").first.click()
    page.wait_for_url("**/student?*student=ben*")
    at_rest(page)
    page.go_back()
    page.wait_for_url("**/guide-today*")


def test_a_parent_reads_the_childs_own_figures(visit: Visit, stack: Stack) -> None:
    page = visit("parent", "parent-today")
    facts = stack.row(
        f"select earned_xp from fct_daily_goals where student_id = 'ada' and local_on = {ON}"
        " and subject = 'All'"
    )
    assert f"Ada earned {facts['earned_xp']:.0f} of 60 XP" in page.inner_text("body")
    assert "Cleo" not in page.inner_text("body")


def test_a_partner_narrows_a_page_by_its_address_and_takes_the_rows_along(
    visit: Visit, stack: Stack
) -> None:
    page = visit("partner", "usage?days=28")
    facts = stack.row(
        "select sum(xp) as xp from agg_student_day_lesson__activity"
        " where client_id = 'tb-math' and student_id <> 'eli'"
    )
    assert figure(page, "XP") == f"{float(facts['xp']):,.0f}"
    page.get_by_role("radio", name="90 days").or_(
        page.get_by_role("button", name="90 days")
    ).click()
    page.wait_for_url("**/usage?days=90")
    at_rest(page)
    name, rows = downloaded(page)
    assert name == "usage-days-90-2026-11-20.csv"
    assert len(rows) == 90
    assert sum(float(row["xp"]) for row in rows) == float(facts["xp"])


def test_a_partner_compares_a_file(visit: Visit) -> None:
    page = visit("partner", "reconcile")
    page.locator("input[type=file]").set_input_files(
        {"name": "sent.csv", "mimeType": "text/csv", "buffer": b"event_id\nnever-came\n"}
    )
    page.get_by_text("Missing here: 1 of 1 event").wait_for()
    name, rows = downloaded(page)
    assert name == "reconcile-differences-2026-11-20.csv"
    assert [row["event_id"] for row in rows] == ["never-came"]


def test_a_choice_is_made_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("partner", "content")
    page.locator("body").press("Tab")
    for _ in range(40):
        focused = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if "Course" in focused:
            break
        page.keyboard.press("Tab")
    assert "Course" in focused
    outline = page.evaluate(
        "() => getComputedStyle(document.activeElement).outlineStyle"
        " + getComputedStyle(document.activeElement.parentElement).boxShadow"
    )
    assert outline != "nonenone"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/content?course=math-5")
    at_rest(page)
    assert page.get_by_role("heading", name="Math Grade 5").is_visible()

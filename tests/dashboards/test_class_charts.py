"""Charts of a class are functions of frames: what a frame holds is what is drawn."""

import re
from datetime import date

import polars as pl
import pytest

from dashboards.charts import classes
from dashboards.export import file_name
from tests.dashboards.test_charts import drawn, rows

DAYS = pl.DataFrame(
    {
        "name": ["Abe", "Abe", "Zoe"],
        "local_on": [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 20)],
        "status": ["met", "no_school", "not_started"],
        "active_minutes": [61, 0, 0],
    }
)


def test_a_cells_bar_is_its_share_of_the_goal_and_never_longer_than_the_cell() -> None:
    cells = pl.DataFrame(
        {
            "name": ["Abe", "Abe", "Abe"],
            "subject": ["Math", "Reading", "All"],
            "earned_xp": [15.0, 90.0, 105.0],
            "goal_xp": [30.0, 30.0, None],
            "status": ["behind", "met", "no_goal"],
        }
    )
    document = drawn(classes.goal_grid(cells))
    found = {row["subject"]: row for row in rows(document)}
    assert [round(row["reached"] - row["start"], 6) for row in found.values()] == [0.45, 0.9, 0.0]
    assert [row["word"] for row in found.values()] == ["▼ 15", "✓ 90", "– 105"]
    assert found["All"]["figures"] == "105 / –"
    axis = document["layer"][0]["encoding"]["x"]["axis"]
    assert axis["labelExpr"] == '["Math", "Reading", "All"][floor(datum.value)]'


def test_a_day_off_is_a_dash_and_a_school_day_without_work_is_a_zero() -> None:
    found = rows(drawn(classes.week_heat(DAYS, "active_minutes", "Active minutes")))
    assert [(row["name"], row["day"], row["word"]) for row in found] == [
        ("Abe", "Fri 20", "61"),
        ("Abe", "Sat 21", "–"),
        ("Zoe", "Fri 20", "0"),
    ]


def luminance(colour: list[float]) -> float:
    """Relative luminance of 0 to 255 red, green and blue (WCAG 2.2)."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", ["light", "dark"])
def test_the_better_of_two_inks_can_be_read_on_every_shade_of_the_heat_map(page: str) -> None:
    layers = drawn(classes.week_heat(DAYS, "active_minutes", "Active minutes"))["layer"]
    ends = layers[0]["encoding"]["color"]["scale"]["range"]
    (inks,) = [
        re.findall("'(#.{6})'", layer["mark"]["color"]["expr"])
        for layer in layers
        if "contrast" in str(layer["mark"].get("color"))
    ]
    first, last = (
        list(bytes.fromhex(re.findall("'#(.{6})'", end["expr"])[-2:][page == "dark"]))
        for end in ends
    )
    for step in range(101):
        shade = luminance([a + (b - a) * step / 100 for a, b in zip(first, last, strict=True)])
        seen = [luminance(list(bytes.fromhex(ink[1:]))) for ink in set(inks)]
        contrasts = [(max(shade, ink) + 0.05) / (min(shade, ink) + 0.05) for ink in seen]
        assert max(contrasts) > 3.8


def test_stuck_lessons_stay_in_the_order_given_with_all_who_are_held_up() -> None:
    stuck = pl.DataFrame(
        {
            "lesson_title": ["Zeros", "Zeros", "Angles"],
            "name": ["Zoe", "Abe", "Abe"],
            "stuck_reason": ["struggling", "struggling", "no_progress"],
        }
    )
    document = drawn(classes.stuck_by_lesson(stuck))
    assert document["encoding"]["y"]["sort"] == ["Zeros", "Angles"]
    assert [(row["students"], row["who"]) for row in rows(document)] == [
        (2, "Abe, Zoe"),
        (1, "Abe"),
    ]


def test_days_of_a_review_say_how_many_of_how_many() -> None:
    days = pl.DataFrame({"local_on": [date(2026, 11, 20)], "goal_count": [15], "met_count": [7]})
    assert [row["figures"] for row in rows(drawn(classes.goals_by_day(days)))] == ["7 of 15"]


def test_a_file_is_named_by_its_page_and_the_filters_that_are_set() -> None:
    name = file_name("class-grid", "Class/5 A", None, date(2026, 11, 25))
    assert name == "class-grid-class-5-a-2026-11-25"

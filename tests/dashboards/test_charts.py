"""Charts are functions of frames: what a frame holds is what is drawn."""

from datetime import UTC, date, datetime
from typing import Any

import altair as alt
import polars as pl
import pytest

from dashboards.charts import learning, operations, partner
from dashboards.charts.axes import Chart
from dashboards.theme import GAP, GRID, INK, MASTERY, MUTED, STATUSES, VERDICTS, labels, look
from dashboards.timeline import earned_steps, pace_line, placed_segments

EIGHT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # 08:00 in Chicago


def drawn(chart: Chart) -> dict[str, Any]:
    """The Vega-Lite document that a browser gets."""
    with alt.data_transformers.enable("default"):
        document: dict[str, Any] = chart.to_dict()
    return document


def rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows that a document carries."""
    return [row for held in document["datasets"].values() for row in held]


@pytest.fixture
def students() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "name": ["Zoe", "Abe"],
            "earned_xp": [20.0, 70.0],
            "goal_xp": [60.0, None],
            "status": ["behind", "no_goal"],
        }
    )


def test_students_stay_in_the_order_of_need(students: pl.DataFrame) -> None:
    document = drawn(learning.xp_against_goal(students))
    assert document["layer"][0]["encoding"]["y"]["sort"] == ["Zoe", "Abe"]


def test_a_student_without_a_goal_has_no_figure_for_it(students: pl.DataFrame) -> None:
    figures = [row["figures"] for row in rows(drawn(learning.xp_against_goal(students)))]
    assert figures == ["20 / 60", "70 / –"]


@pytest.mark.parametrize("looks", [STATUSES, MASTERY, VERDICTS])
def test_every_state_differs_by_word_and_by_mark_or_colour(looks: dict[str, Any]) -> None:
    assert len({look.word for look in looks.values()}) == len(looks)
    told_apart = {(look.mark, look.colour) for look in looks.values()}
    assert len(told_apart) >= len(looks) - 1  # no school and no goal look alike but for the word


def test_the_legend_names_the_states_that_occur_and_no_other(students: pl.DataFrame) -> None:
    document = drawn(learning.xp_against_goal(students))
    domain = document["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert domain == ["▼ Behind", "– No goal"]


def test_time_in_apps_is_placed_on_the_schools_clock() -> None:
    segments = pl.DataFrame(
        {
            "app_name": ["Garden"],
            "subject": ["Math"],
            "lesson_title": ["One"],
            "state": ["active"],
            "started_at": [EIGHT],
            "ended_at": [EIGHT.replace(minute=30)],
            "seconds": [1800.0],
            "is_counted": [False],
        }
    )
    placed = placed_segments(segments, "America/Chicago")
    (row,) = rows(drawn(learning.day_by_app(placed)))
    assert (row["start_minute"], row["end_minute"]) == (480, 510)
    assert row["clock"] == "08:00 to 08:30"
    assert row["counts"] == "Counted in another app"


def test_xp_starts_at_zero_and_goes_on_level_until_now() -> None:
    ledger = pl.DataFrame(
        {
            "earned_at": [EIGHT.replace(minute=45), EIGHT],
            "xp": [-5.0, 20.0],
            "lesson_title": ["Two", "One"],
        }
    )
    steps = earned_steps(ledger, "America/Chicago", until=600)
    assert steps.select("minute", "xp").rows() == [
        (480, 0),
        (480, 20),
        (525, 15),
        (600, 15),
    ]


def test_pace_grows_evenly_to_the_goal() -> None:
    line = pace_line({"startsHour": 8, "endsHour": 16}, 120.0)
    assert line.rows() == [(480, 0), (960, 120)]


def test_without_a_goal_there_is_no_pace() -> None:
    assert pace_line({"startsHour": 8, "endsHour": 16}, None).is_empty()


def test_a_days_axis_has_the_days_in_order() -> None:
    days = pl.DataFrame(
        {
            "received_on": [date(2026, 11, 20), date(2026, 11, 19)],
            "verdict": ["accepted", "rejected"],
            "event_count": [2, 1],
        }
    )
    document = drawn(operations.verdicts_by_day(days))
    assert document["encoding"]["x"]["sort"] == ["Thu 19 Nov", "Fri 20 Nov"]


def test_goals_by_school_split_into_met_and_not_yet() -> None:
    schools = pl.DataFrame({"school_name": ["North"], "met_count": [3], "goal_count": [10]})
    counts = {
        row["state"]: row["students"] for row in rows(drawn(operations.goals_by_school(schools)))
    }
    assert counts == {"✓ Goal met": 3, "○ Not met yet": 7}


def test_a_state_that_is_new_keeps_its_own_name() -> None:
    days = pl.DataFrame({"received_on": [date(2026, 11, 20)], "verdict": ["held_back"]})
    frame = days.with_columns(event_count=pl.lit(1))
    (row,) = rows(drawn(operations.verdicts_by_day(frame)))
    assert row["state_label"] == "· held back"


def test_a_lessons_bar_is_as_long_as_the_students_who_began_it() -> None:
    lessons = pl.DataFrame(
        {
            "lesson": ["1. One", "2. Two"],
            "started_count": [10, 4],
            "practicing_count": [8, 4],
            "proficient_count": [7, 1],
            "mastered_count": [5, 0],
            "stopped_count": [0, 3],
        }
    )
    document = drawn(partner.lesson_funnel(lessons))
    apart = [row for row in rows(document) if "state" in row]
    sums = {
        lesson: sum(row["student_count"] for row in apart if row["lesson"] == lesson)
        for lesson in lessons["lesson"]
    }
    assert sums == {"1. One": 10, "2. Two": 4}
    assert {row["state"]: row["student_count"] for row in apart if row["lesson"] == "1. One"} == {
        "★ Mastered": 5,
        "✓ Proficient": 2,
        "● Practicing": 1,
        "◐ Started": 2,
    }
    assert [row["stops"] for row in rows(document) if "stops" in row] == ["3 stop here"]


def test_a_day_on_which_list_and_warehouse_differ_is_marked() -> None:
    days = pl.DataFrame(
        {
            "received_on": [date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 19)],
            "sent_count": [5, 2, 2],
            "here_count": [4, 3, 1],
        }
    )
    found = {
        row["day"]: row["state"]
        for row in rows(drawn(partner.sent_and_arrived(days)))
        if "state" in row
    }
    assert found == {"Thu 19 Nov": "✓ As sent", "Fri 20 Nov": "✕ Differs"}


def test_ink_and_grid_follow_the_page() -> None:
    for colour in (INK, MUTED, GRID, GAP):
        assert "luminance(background" in str(colour.to_dict())


def test_states_are_called_on_tables_and_charts_as_on_badges() -> None:
    states = [*STATUSES, "new_here", None]
    called = pl.DataFrame({"status": states}).select(labels("status", STATUSES))["status"].to_list()
    assert called == [None if state is None else look(STATUSES, state).label for state in states]


def test_an_axis_of_nothing_but_zeros_goes_from_zero_to_one() -> None:
    days = pl.DataFrame(
        {"local_on": [date(2026, 11, 20)] * 2, "school_name": ["North", "West"], "xp": [0.0, None]}
    )
    chart = drawn(operations.school_trend(days, "xp", "XP"))
    assert chart["encoding"]["y"]["scale"] == {"domain": [0, 1]}
    some = days.with_columns(xp=pl.Series([0.0, 3.0]))
    chart = drawn(operations.school_trend(some, "xp", "XP"))
    assert chart["encoding"]["y"]["scale"] == {"zero": True}

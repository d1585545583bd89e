"""A guide's pages show what the marts hold, and say it in words."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Running
from tests.dashboards.roster import PUPILS

Open = Callable[..., AppTest]
NORTH = [pupil for pupil in PUPILS if pupil.school_id == "north"]


def shown(app: AppTest) -> str:
    """All words of a page."""
    assert not app.exception
    return "\n".join(element.value for element in app.markdown)


def test_today_lists_each_student_of_the_guide_with_the_xp_of_the_marts(
    open_page: Open, running: Running
) -> None:
    app = open_page("guide/today.py", "gwen")
    table = app.dataframe[0].value
    (facts,) = running.rows(
        "select sum(earned_xp) as xp from fct_daily_goals join dim_students using (student_id)"
        " where fct_daily_goals.school_id = 'north' and local_on = '2026-11-20' and subject = 'All'"
    )
    assert len(table) == len(NORTH)
    assert table["earned_xp"].sum() == float(facts["xp"])


def test_today_begins_with_the_students_who_need_the_guide(open_page: Open) -> None:
    app = open_page("guide/today.py", "gwen")
    assert list(app.dataframe[0].value["name"])[:2] == ["Ben Brooks", "Cleo Castle"]
    assert "2 of 4 students need you" in shown(app)
    assert "Struggling with Math lesson 6" in shown(app)


def test_today_names_the_state_in_words_beside_its_mark(open_page: Open) -> None:
    app = open_page("guide/today.py", "gwen")
    assert set(app.dataframe[0].value["status"]) == {
        "✓ Goal met",
        "● On pace",
        "▼ Behind",
        "○ Not started",
    }


def test_a_class_in_the_address_narrows_the_page(open_page: Open) -> None:
    app = open_page("guide/today.py", "gwen", **{"class": "class-math-5"})
    assert app.selectbox[0].value == "class-math-5"
    assert len(app.dataframe[0].value) == len(NORTH)


def test_a_day_in_the_address_shows_that_day(open_page: Open, running: Running) -> None:
    app = open_page("guide/today.py", "gwen", day="2026-11-19")
    (facts,) = running.rows(
        "select sum(earned_xp) as xp from fct_daily_goals"
        " where school_id = 'north' and local_on = '2026-11-19' and subject = 'All'"
    )
    assert app.dataframe[0].value["earned_xp"].sum() == float(facts["xp"])


def test_the_stamp_is_red_and_names_the_schools_clock_when_the_figures_are_old(
    open_page: Open,
) -> None:
    words = shown(open_page("guide/today.py", "gwen"))
    assert ":red[:material/warning: **Old:** Data as of 20 Nov 12:12 (Chicago time)" in words


def test_student_shows_the_ledger_down_to_the_event(open_page: Open, running: Running) -> None:
    app = open_page("guide/student.py", "gwen", student="ben")
    ledger = next(t.value for t in app.dataframe if "source_event_id" in t.value.columns)
    facts = running.rows(
        "select source_event_id, xp from fct_xp_ledger"
        " where student_id = 'ben' and earned_on = '2026-11-20' order by earned_at"
    )
    assert list(ledger["source_event_id"]) == [row["source_event_id"] for row in facts]
    assert list(ledger["xp"]) == [float(row["xp"]) for row in facts]
    assert "Ben Brooks has 18 of 60 XP" in shown(app)


def test_student_shows_times_on_the_schools_clock(open_page: Open) -> None:
    app = open_page("guide/student.py", "gwen", student="ada")
    sessions = next(t.value for t in app.dataframe if "ended_by" in t.value.columns)
    assert list(sessions["started"]) == ["08:30", "10:00"]


def test_a_student_is_placed_by_school_grade_and_classes(open_page: Open) -> None:
    app = open_page("guide/student.py", "gwen", student="ben")
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert any(caption.startswith("North School · Grade 5 · Math") for caption in captions)


def test_a_student_sees_their_own_day_alone(open_page: Open) -> None:
    app = open_page("guide/student.py", "ada")
    assert app.selectbox[0].options == ["Ada Alvarez"]
    assert "Ada Alvarez has 66 of 60 XP" in shown(app)


def test_a_day_without_activity_says_so(open_page: Open) -> None:
    app = open_page("guide/student.py", "gwen", student="cleo")
    assert [info.value for info in app.info] == [
        "No activity on this day.",
        "No XP on this day.",
        "No entries on this day.",
    ]


def test_a_day_without_school_says_so_once(open_page: Open, running: Running) -> None:
    app = open_page("guide/today.py", "gwen", day="2026-11-14")
    (facts,) = running.rows(
        "select bool_and(not is_school_day) as is_off from fct_daily_goals"
        " where school_id = 'north' and local_on = '2026-11-14'"
    )
    assert facts["is_off"]
    assert "of 4 students need you. There is no school on this day." in shown(app)

"""A partner's pages show what the marts hold, say it in words, and compare what is sent to them."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Running
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]
OWN = "client_id = 'tb-math' and student_id <> 'eli'"  # eli is enrolled with nobody


def table(app: AppTest, column: str) -> Any:
    """The page's table that has the column, as a data frame."""
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_usage_shows_the_marts_by_day_and_by_course(open_page: Open, running: Running) -> None:
    app = open_page("partner/usage.py", "mia", days="28")
    (facts,) = running.rows(
        "select sum(xp) as xp, count(distinct student_id) as students"
        f" from agg_student_day_lesson__activity where {OWN}"
    )
    assert table(app, "local_on")["xp"].sum() == pytest.approx(float(facts["xp"]))
    assert table(app, "course_title")["active_count"].sum() == facts["students"]
    words = shown(app).replace("\\", "")
    assert f"{facts['students']} students active in the last 28 days" in words
    assert len(table(app, "local_on")) == 28


def test_a_week_that_the_dates_cut_says_how_many_days_of_it_count(open_page: Open) -> None:
    weeks = table(open_page("partner/usage.py", "mia", days="14"), "week_on")
    assert {f"{row.week_on:%d %b}": row.day_count for row in weeks.itertuples()} == {
        "16 Nov": 5,
        "09 Nov": 7,
    }


def test_a_course_that_is_chosen_is_kept_in_the_address(open_page: Open) -> None:
    app = open_page("partner/usage.py", "mia")
    course = next(box for box in app.selectbox if box.label == "Course")
    course.set_value("math-5").run()
    assert app.query_params["course"] in ("math-5", ["math-5"])
    assert list(table(app, "course_title")["course_title"]) == ["Math Grade 5"]
    again = open_page("partner/content.py", "mia", course="math-5")
    assert again.selectbox[0].value in ("math-5", ["math-5"])
    assert len(table(again, "lesson")) == 6


def test_a_course_of_another_is_refused_in_words(open_page: Open) -> None:
    app = open_page("partner/content.py", "mia", course="reading-5")
    assert "You cannot see this" in app.error[0].value


def test_content_is_a_funnel_of_the_marts(open_page: Open, running: Running) -> None:
    app = open_page("partner/content.py", "mia")
    lessons = table(app, "stopped_count")
    (facts,) = running.rows(
        "select count(*) filter (mastery_state <> 'not_started') as started,"
        " count(*) filter (first_mastered_on is not null) as mastered"
        f" from fct_lesson_mastery where {OWN}"
    )
    assert lessons["started_count"].sum() == facts["started"]
    assert lessons["mastered_count"].sum() == facts["mastered"]
    assert "Most stop at lesson 6, Math lesson 6: 1 of" in shown(app).replace("\\", "")


def test_what_is_amiss_in_an_integration_has_its_number_and_its_mend(
    open_page: Open, running: Running
) -> None:
    app = open_page("partner/integration.py", "mia", days="90")
    (facts,) = running.rows(f"select count(*) as sessions from fct_sessions where {OWN}")
    words = shown(app).replace("\\", "")
    assert f"of {facts['sessions']} sessions have no logout" in words
    assert "Send SessionEvent LoggedOut" in words
    assert len(table(app, "severity")) == 11


def test_types_that_are_not_processed_come_first_in_red_with_what_to_send_instead(
    open_page: Open, running: Running
) -> None:
    app = open_page("partner/integration.py", "mia", days="90")
    (facts,) = running.rows(
        "select count(*) as events from fct_event_verdicts"
        " where client_id = 'tb-math' and partner_verdict = 'unprocessed'"
    )
    (said,) = app.error
    assert said.value.replace("\\", "") == (
        f"**NavigationEvent is not processed:** no figure comes of {facts['events']} events."
        " Send a ViewEvent (Viewed) for what the student came to."
    )
    assert f"{facts['events']} are of types that are not processed." in shown(app)
    assert "Every event counts" not in str([success.value for success in app.success])
    drawn = list(app.main)
    assert drawn.index(said) < drawn.index(app.metric[0])


def reconciled(app: AppTest, sheet: str) -> AppTest:
    """The page with a file put into it."""
    return app.file_uploader[0].upload("sent.csv", sheet.encode(), "text/csv").run()


def test_before_a_file_is_chosen_nothing_is_compared(open_page: Open) -> None:
    app = open_page("partner/reconcile.py", "mia")
    assert [info.value for info in app.info] == ["Nothing compared yet: choose a file."]
    assert not app.dataframe


def test_ids_that_never_came_are_listed_with_what_to_do(open_page: Open) -> None:
    app = reconciled(open_page("partner/reconcile.py", "mia"), "event_id\nnever-came\n")
    assert "Missing here: 1 of 1 event" in shown(app)
    found = app.dataframe[0].value
    assert list(found["difference"]) == ["✕ Missing here"]
    assert list(found["mend"]) == ["Send it again: a repeated event counts once."]


def test_daily_counts_are_compared_by_day(open_page: Open, running: Running) -> None:
    (day,) = running.rows(
        "select sum(event_count) as events from agg_client_day__verdicts"
        " where client_id = 'tb-math' and received_on = '2026-11-20'"
    )
    sheet = f"date,count\n2026-11-20,{day['events'] + 2}\n"
    app = reconciled(open_page("partner/reconcile.py", "mia"), sheet)
    found = app.dataframe[0].value
    assert list(found["here_count"]) == [day["events"]]
    assert list(found["missing_count"]) == [2]


def test_a_file_that_cannot_be_read_is_refused_in_words(open_page: Open) -> None:
    app = reconciled(open_page("partner/reconcile.py", "mia"), "name\nx\n")
    assert "Head the columns `event_id`" in app.error[0].value

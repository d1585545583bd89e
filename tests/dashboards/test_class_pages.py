"""A class's pages show what the marts hold, for those who teach it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.client import NotAllowedError
from dashboards.session import SignedIn
from tests.dashboards.conftest import Running
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]
SignIn = Callable[[str], SignedIn]


def test_the_grid_has_each_subjects_xp_and_goal_of_the_week_as_the_marts(
    open_page: Open, running: Running
) -> None:
    app = open_page("guide/class_grid.py", "gwen")
    grid, days = app.dataframe[0].value, app.dataframe[1].value
    facts = running.rows(
        "select student_id, subject, sum(earned_xp) as xp,"
        " sum(goal_xp) filter (status <> 'no_school') as goal from fct_daily_goals"
        " where school_id = 'north' and local_on between '2026-11-16' and '2026-11-20'"
        " group by all"
    )
    assert len(facts) == 12  # four students: Math, Reading and All
    by_student = grid.set_index("student_id")
    for fact in facts:
        row = by_student.loc[fact["student_id"]]
        assert row[f"{fact['subject']} xp"] == pytest.approx(float(fact["xp"]))
        assert row[f"{fact['subject']} goal"] == float(fact["goal"])
    assert len(days) == 4 * 5
    assert days["earned_xp"].sum() == pytest.approx(grid["All xp"].sum())
    met = sum(fact["subject"] == "All" and fact["xp"] >= fact["goal"] for fact in facts)
    assert f"{met} of 4 students have reached the week's goals so far" in plainly(app)


def plainly(app: AppTest) -> str:
    """All words of a page without the marks that disarm them."""
    return shown(app).replace("\\", "")


def test_filters_in_the_address_narrow_the_grid(open_page: Open, running: Running) -> None:
    app = open_page(
        "guide/class_grid.py", "gwen", subject="Math", grade="05", week="2026-11-11", measure="xp"
    )
    assert app.query_params["week"] == "2026-11-09"
    grid = app.dataframe[0].value
    assert [name for name in grid if name.endswith(" xp")] == ["Math xp", "All xp"]
    (fact,) = running.rows(
        "select sum(earned_xp) as xp from fct_daily_goals where school_id = 'north'"
        " and subject = 'Math' and local_on between '2026-11-09' and '2026-11-15'"
    )
    assert grid["Math xp"].sum() == pytest.approx(float(fact["xp"]))
    assert any("Week of 2026-11-09" in caption.value for caption in app.caption)


def test_stuck_lessons_lead_to_the_student_with_the_evidence(
    open_page: Open, running: Running
) -> None:
    app = open_page("guide/stuck_lessons.py", "gwen")
    (fact,) = running.rows(
        "select count(*) as stuck from fct_lesson_mastery"
        " where school_id = 'north' and is_struggling"
    )
    table = app.dataframe[0].value
    assert len(table) == fact["stuck"] == 2
    assert set(table["name"]) == {"Ben Brooks"}
    words = plainly(app)
    assert "2 lessons hold up 1 of 4 students. Start with Math lesson 6: 1 student." in words
    assert "✕✓✕✕✓✕✕✓✕✕ (3 of the last 10 correct)" in words
    assert "`math-5-q0`: 30% right of 20 answers." in words
    assert "Question 1: 40% right of 20 answers." in words
    links = [link.proto for link in app.get("page_link")]
    assert any("student=ben" in str(link) for link in links)


def test_a_subject_in_the_address_narrows_the_stuck_lessons(open_page: Open) -> None:
    app = open_page("guide/stuck_lessons.py", "gwen", subject="Reading")
    assert list(app.dataframe[0].value["lesson_title"]) == ["Reading lesson 6"]


def test_the_review_has_one_line_a_student_that_equals_the_marts(
    open_page: Open, running: Running
) -> None:
    app = open_page("guide/week_review.py", "gwen")
    table = app.table[0].value.set_index("Student")
    facts = running.rows(
        "select given_name || ' ' || family_name as name,"
        " sum(earned_xp) filter (local_on >= '2026-11-16') as xp,"
        " sum(earned_xp) filter (local_on <= '2026-11-12') as before,"
        " count(*) filter (local_on >= '2026-11-16' and status = 'met') as met"
        " from fct_daily_goals join dim_students using (student_id)"
        " where fct_daily_goals.school_id = 'north' and subject = 'All'"
        " and local_on between '2026-11-09' and '2026-11-19' group by all"
    )
    assert len(table) == len(facts) == 4
    for fact in facts:
        row = table.loc[fact["name"]]
        assert (row["XP"], row["XP before"]) == (round(fact["xp"]), round(fact["before"]))
        assert row["Goals met"] == f"{fact['met']} of 4"
    words = plainly(app)
    assert f"The class met {sum(fact['met'] for fact in facts)} of 16 daily goals" in words
    assert "**Ben Brooks**: 40% of 25 answers correct over 7 days; flagged below 70%." in words


def test_a_week_without_school_so_far_says_so(open_page: Open) -> None:
    app = open_page("guide/class_grid.py", "gwen", week="2026-10-01")
    assert [info.value for info in app.info] == [
        "No student here has a goal or any activity in this week."
    ]


@pytest.mark.parametrize("report", ["guide/class-grid", "guide/stuck-lessons", "admin/outbox"])
def test_a_parent_may_not_read_them(report: str, sign_in: SignIn) -> None:
    with pytest.raises(NotAllowedError):
        sign_in("pat").api.report(report)


def test_an_empty_outbox_says_when_digests_are_written(open_page: Open) -> None:
    app = open_page("admin/outbox.py", "root")
    assert "No digest was written in the last 14 days." in shown(app)
    assert app.info[0].value.startswith("No mail server is set")
    assert app.info[1].value.startswith("Guides are written in the evening of a school day")

"""A parent's week and what XP means: the child's own figures, equal to the marts, in kind words."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import week
from dashboards.charts import week as charts
from dashboards.family import FAMILY_MASTERY, FAMILY_STATUSES
from dashboards.session import SignedIn
from tests.dashboards.conftest import Running
from tests.dashboards.test_charts import drawn, rows
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]
SignIn = Callable[[str], SignedIn]
RISKY = re.compile(
    r"off track|struggl|behind|at risk|fail|poor|worse|weak|rank|average|other (students|children)",
    re.IGNORECASE,
)
WEEK_OF_ADA = """
    select sum(credited_xp) as xp, sum(active_seconds) as seconds,
        sum(total_questions) as questions
    from agg_student_day_lesson__activity
    where student_id = 'ada' and local_on between $first and $last
"""


@pytest.fixture
def ada(sign_in: SignIn) -> dict[str, Any]:
    children = sign_in("pat").api.report("parent/week")["children"]
    child: dict[str, Any] = children[0]
    return child


def test_the_week_equals_the_marts_day_by_day(open_page: Open, running: Running) -> None:
    app = open_page("parent/week.py", "pat")
    assert [header.value for header in app.header] == ["Ada Alvarez", "Ben Brooks"]
    facts = running.rows(
        "select local_on, subject, sum(credited_xp) as xp from agg_student_day_lesson__activity"
        " where student_id = 'ada' and local_on between '2026-11-16' and '2026-11-20'"
        " group by local_on, subject order by local_on, subject"
    )
    table = app.dataframe[0].value
    assert list(table["xp"]) == [float(row["xp"]) for row in facts]
    assert list(table["subject"]) == [row["subject"] for row in facts]
    total = sum(float(row["xp"]) for row in facts)
    assert f"Ada earned {total:.1f}".removesuffix(".0") in shown(app)


def test_the_week_stands_beside_as_many_school_days_of_the_childs_week_before(
    ada: dict[str, Any], running: Running
) -> None:
    for part, first, last in (
        ("week", date(2026, 11, 16), date(2026, 11, 20)),
        ("comparedWeek", date(2026, 11, 16), date(2026, 11, 19)),  # at noon Friday is not over
        ("weekBefore", date(2026, 11, 9), date(2026, 11, 12)),
    ):
        (facts,) = running.rows(WEEK_OF_ADA, {"first": first, "last": last})
        assert ada[part]["firstOn"] == first.isoformat()
        assert ada[part]["lastOn"] == last.isoformat()
        assert ada[part]["xp"] == pytest.approx(float(facts["xp"]))
        assert ada[part]["activeSeconds"] == pytest.approx(facts["seconds"])
        assert ada[part]["totalQuestions"] == facts["questions"]
    assert ada["isGoingOn"]
    assert week.beside(ada).startswith(
        "Over 4 school days of each week, Mon 9 Nov to Thu 12 Nov and Mon 16 Nov to Thu 19 Nov: "
    )


def test_a_day_in_the_address_shows_its_whole_week(open_page: Open) -> None:
    app = open_page("parent/week.py", "pat", day="2026-11-11")
    assert "in the week of 9 November" in shown(app)
    assert "nothing from the week before" in shown(app)


def test_lessons_mastered_are_those_of_the_week(ada: dict[str, Any], running: Running) -> None:
    facts = running.rows(
        "select lesson_id from fct_lesson_mastery where student_id = 'ada'"
        " and first_mastered_on between '2026-11-16' and '2026-11-20'"
    )
    assert len(week.mastered(ada)) == len(facts) == ada["week"]["masteredLessons"]


def test_the_page_to_print_holds_the_weeks_figures_and_escapes_names(ada: dict[str, Any]) -> None:
    ada["standing"]["name"] = "<b>Ada</b> Alvarez"
    page = week.printable(ada)
    assert "<b>Ada" not in page
    assert "&lt;b&gt;Ada&lt;/b&gt; Alvarez" in page
    for figure in week.figures(ada).values():
        assert f"<dd>{figure}</dd>" in page
    assert page.count("<tr>") == 2 + len(week.beside_table(ada)) + len(week.subject_days(ada)) + (
        len(week.mastered(ada)) + 1 if len(week.mastered(ada)) else 0
    )


def test_what_xp_means_is_told_with_the_childs_newest_day(
    open_page: Open, running: Running
) -> None:
    app = open_page("parent/what_xp_means.py", "pat", student="ben")
    words = shown(app).replace("\\", "")
    (facts,) = running.rows(
        "select sum(xp) as xp from fct_xp_ledger"
        " where student_id = 'ben' and earned_on = '2026-11-20'"
    )
    assert "on Friday 20 November, Ben earned 18 XP in 20 active minutes" in words
    assert f"together they are {facts['xp']:.0f} XP" in words
    assert app.dataframe[0].value["xp"].sum() == float(facts["xp"])
    assert "A pause of up to 10 minutes" in words
    assert "once 90% of the answers are right, on at least 5 questions" in words
    assert "Ben's that changed is Thursday 19 November; it changed on 20 November at 08:12" in words


@pytest.mark.parametrize("page", ["today", "week", "what_xp_means"])
def test_no_parent_page_says_a_risky_word_or_names_another_child(
    page: str, open_page: Open
) -> None:
    app = open_page(f"parent/{page}.py", "pat", student="cleo")
    words = [shown(app), *(str(t.value) for t in app.dataframe)]
    words += [info.value for info in (*app.info, *app.caption, *app.subheader)]
    assert not app.warning
    text = "\n".join(words)
    assert not RISKY.search(text), RISKY.search(text)
    assert not re.search("Cleo|Dev|Eli", text)


@pytest.mark.parametrize("looks", [FAMILY_STATUSES, FAMILY_MASTERY])
def test_no_state_has_a_risky_name_and_each_has_its_own(looks: dict[str, Any]) -> None:
    words = [look.word for look in looks.values()]
    assert not any(RISKY.search(word) for word in words)
    assert len(set(words)) == len(words)


def test_the_weeks_bars_are_made_of_subjects_and_keep_days_without_any() -> None:
    subject_days = pl.DataFrame(
        {
            "local_on": [date(2026, 11, 16)] * 2,
            "subject": ["Reading", "Math"],
            "xp": [10.0, 20.0],
            "active_seconds": [600.0, 1200.0],
        }
    )
    days = pl.DataFrame(
        {"local_on": [date(2026, 11, 16), date(2026, 11, 17)], "goal_xp": [60.0, 60.0]}
    )
    document = drawn(charts.xp_by_day_and_subject(subject_days, days))
    bars = document["layer"][0]["encoding"]
    assert bars["x"]["sort"] == ["Mon 16 Nov", "Tue 17 Nov"]
    assert bars["color"]["scale"]["domain"] == ["Math", "Reading"]
    assert sum(row.get("xp", 0) for row in rows(document)) == 30

"""The student's page goes down to the event behind an entry, by subject, late and waiting XP."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Running
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]


def frame_with(app: AppTest, column: str) -> Any:
    """The first table of a page that has this column."""
    return next(t.value for t in app.dataframe if column in t.value.columns)


def test_an_entry_in_the_address_is_explained_down_to_its_event(open_page: Open) -> None:
    app = open_page("guide/student.py", "gwen", student="ada", entry="x-ada-math-5-1120")
    words = shown(app).replace("\\", "")
    assert "33 XP earned on 20 Nov at 09:06" in words
    assert "Its rows add up: 33 XP of 33 XP." in words
    assert "GradeEvent" in words
    assert "`e-ada-math-5-1120-2`" in words
    (payload,) = app.json
    assert '"scoreGiven": 33.0' in payload.value
    rows = frame_with(app, "row_id")
    assert list(rows["row_id"]) == ["x-ada-math-5-1120"]
    assert rows["xp"].sum() == 33.0
    assert "review_xp_in_event" in list(frame_with(app, "reason")["name"])


def test_choosing_an_entry_puts_it_into_the_address(open_page: Open) -> None:
    app = open_page("guide/student.py", "gwen", student="ada")
    chooser = next(one for one in app.selectbox if one.label == "Explain an entry")
    assert not app.json
    chooser.select("x-ada-reading-5-1120").run()
    assert app.query_params["entry"] == "x-ada-reading-5-1120"
    assert len(app.json) == 1


def test_a_subject_in_the_address_narrows_all_but_the_days_sentence(
    open_page: Open, running: Running
) -> None:
    app = open_page("guide/student.py", "gwen", student="ada", subject="Math")
    (facts,) = running.rows(
        "select sum(xp) as xp from fct_xp_ledger where student_id = 'ada'"
        " and earned_on = '2026-11-20' and subject = 'Math'"
    )
    ledger = frame_with(app, "source_event_id")
    assert set(ledger["subject"]) == {"Math"}
    assert ledger["xp"].sum() == float(facts["xp"])
    assert set(frame_with(app, "ended_by")["app_name"]) == {"Number Garden"}
    assert "Ada Alvarez has 66 of 60 XP" in shown(app)


def test_questions_still_wrong_come_first_with_how_often(open_page: Open, running: Running) -> None:
    app = open_page("guide/student.py", "gwen", student="ben")
    missed = frame_with(app, "question")
    facts = running.rows(
        "select count_if(not is_correct) as wrong, count(*) as answered from fct_item_responses"
        " where student_id = 'ben' group by item_ref having wrong > 0"
        " order by wrong desc limit 25"
    )
    named = running.rows(
        "select distinct item_title as title,"
        " regexp_replace(item_ref, '^https://[^/]+/', '') as path"
        " from fct_item_responses where student_id = 'ben'"
    )
    assert sorted(missed["wrong_count"], reverse=True) == [row["wrong"] for row in facts]
    assert missed["last_answer"].iloc[0] == "✕ wrong"
    assert set(missed["question"]) <= {row["title"] or row["path"] for row in named}
    assert {row["title"] is None for row in named} == {True, False}
    still = sum(missed["last_answer"] == "✕ wrong")
    assert f"{still} questions with a wrong last answer" in shown(app)


def test_a_day_that_changed_late_says_when_and_by_what(open_page: Open) -> None:
    app = open_page("guide/student.py", "gwen", student="ben", day="2026-11-19")
    said = [info.value.replace("\\", "") for info in app.info]
    assert len(said) == 1
    assert "This day last changed on 20 Nov at 08:12, after it was over: 1 of 2 XP" in said[0]
    restated = frame_with(app, "source_event_id")["restated"]
    assert list(restated.dropna()) == ["20 Nov 08:12"]
    assert len(restated) == 2


def test_xp_that_waits_for_an_enrollment_says_so(open_page: Open) -> None:
    app = open_page("guide/student.py", "root", student="eli")
    said = " ".join(info.value for info in app.info).replace("\\", "")
    assert "wait for an enrollment in Math Grade 5, Reading Grade 5" in said
    assert set(frame_with(app, "source_event_id")["status"]) == {"◐ Waits for an enrollment"}


def test_a_parent_reads_the_same_page_in_kind_words(open_page: Open) -> None:
    app = open_page("guide/student.py", "pat", student="ben")
    words = shown(app) + str([i.value for i in app.info]) + str([t.value for t in app.dataframe])
    assert "part of the goal" in words
    assert "Now practising Math lesson 6" in words.replace("\\", "")
    assert not app.warning
    for risk in ("off track", "truggling", "ehind", "gaps in", "at risk", "flagged"):
        assert risk not in words


def test_a_day_without_school_asks_for_no_goal(open_page: Open, running: Running) -> None:
    app = open_page("guide/student.py", "gwen", student="ben", day="2026-11-14")
    (facts,) = running.rows(
        "select earned_xp, is_school_day from fct_daily_goals"
        " where student_id = 'ben' and local_on = '2026-11-14' and subject = 'All'"
    )
    assert not facts["is_school_day"]
    said = f"Ben Brooks has {float(facts['earned_xp']):g} XP on a day without school"
    assert said in shown(app)

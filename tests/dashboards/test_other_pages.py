"""Pages of parents, admins and partners show what the marts hold; others may not open them."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.client import NotAllowedError, ReadApi
from dashboards.session import SignedIn
from tests.dashboards.conftest import APP, Running
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]
SignIn = Callable[[str], SignedIn]


def test_a_parent_sees_the_linked_children_and_nobody_else(open_page: Open) -> None:
    app = open_page("parent/today.py", "pat")
    assert [header.value for header in app.header] == ["Ada Alvarez", "Ben Brooks"]
    words = shown(app)
    assert "Ada earned 66 of 60 XP today in 73 minutes of active learning, on 2 lessons." in words


def test_a_childs_lessons_equal_the_marts(open_page: Open, running: Running) -> None:
    app = open_page("parent/today.py", "pat")
    (facts,) = running.rows(
        "select sum(xp) as xp, sum(total_questions) as questions"
        " from agg_student_day_lesson__activity"
        " where student_id = 'ada' and local_on = '2026-11-20'"
    )
    lessons = app.dataframe[0].value
    assert lessons["xp"].sum() == float(facts["xp"])
    assert lessons["total_questions"].sum() == facts["questions"]


def test_a_schools_admin_sees_their_school_alone(open_page: Open, running: Running) -> None:
    app = open_page("admin/schools.py", "amy")
    schools = app.dataframe[0].value
    (facts,) = running.rows(
        "select sum(xp) as xp, count(distinct student_id) as active"
        " from agg_student_day_lesson__activity"
        " where school_id = 'north' and local_on = '2026-11-20'"
    )
    assert list(schools["school_name"]) == ["North School"]
    assert list(schools["xp"]) == [float(facts["xp"])]
    assert list(schools["active_count"]) == [facts["active"]]


def test_a_platform_admin_sees_every_school(open_page: Open) -> None:
    app = open_page("admin/schools.py", "root")
    assert list(app.dataframe[0].value["school_name"]) == ["North School", "West School"]
    assert list(app.dataframe[0].value["timezone"]) == ["America/Chicago", "America/Los_Angeles"]


def test_the_look_back_in_the_address_changes_the_days(open_page: Open) -> None:
    app = open_page("admin/schools.py", "amy", days="7")
    assert len(app.dataframe[1].value) == 7


def test_data_health_counts_every_verdict(open_page: Open, running: Running) -> None:
    app = open_page("admin/data_health.py", "root", days="90")
    (facts,) = running.rows("select count(*) as events from fct_event_verdicts")
    assert app.dataframe[0].value["event_count"].sum() == facts["events"]
    assert f"of {facts['events']:,} events were accepted" in shown(app)


def test_data_health_of_a_school_counts_its_students_events_alone(
    open_page: Open, running: Running
) -> None:
    app = open_page("admin/data_health.py", "amy", days="90")
    (facts,) = running.rows(
        "select count(*) as events from fct_event_verdicts"
        " join dim_students using (student_id) where school_id = 'north'"
    )
    assert app.dataframe[0].value["event_count"].sum() == facts["events"]


def test_a_partner_sees_its_own_events_with_what_mends_them(
    open_page: Open, running: Running
) -> None:
    app = open_page("partner/integration.py", "mia", days="90")
    (facts,) = running.rows(
        "select count(*) as events from fct_event_verdicts where client_id = 'tb-math'"
    )
    words = shown(app)
    assert f"of {facts['events']} events of the last 90 days" in words
    assert "`unknown_lesson`" in words
    assert "Publish the lesson" in words.replace("\\", "")


def test_a_partners_checklist_names_types_that_never_came(open_page: Open) -> None:
    app = open_page("partner/integration.py", "mia")
    types = next(t.value for t in app.dataframe if "purpose" in t.value.columns)
    missing = types[types["seen"] == "○ not yet"]["event_type"]
    assert list(missing) == ["AssessmentEvent", "ViewEvent", "AssignableEvent"]


@pytest.mark.parametrize(
    ("who", "report"),
    [
        ("pat", "guide/today"),
        ("gwen", "admin/schools"),
        ("ada", "parent/today"),
        ("mia", "students/ada"),
        ("gwen", "students/eli"),
        ("ana", "students/ada"),
        ("root", "partner/integration"),
    ],
)
def test_a_report_of_another_role_or_about_others_is_refused(
    who: str, report: str, sign_in: SignIn
) -> None:
    with pytest.raises(NotAllowedError):
        sign_in(who).api.report(report)


def test_each_role_finds_its_own_pages(open_page: Open) -> None:
    app = open_page("partner/integration.py", "mia")
    assert app.title[0].value == "Integration"
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app.switch_page("views/admin/schools.py")


def test_a_role_without_pages_is_told_so(sign_in: SignIn) -> None:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["signed_in"] = sign_in("new")
    assert [info.value for info in app.run().info] == ["There is no page for your role yet."]


def test_schools_say_that_no_goal_counts_instead_of_drawing_nothing(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ReadApi.report

    def without_goals(api: ReadApi, path: str, **parameters: Any) -> Any:
        answer = report(api, path, **parameters)
        if path == "admin/schools":
            answer["schools"] = [{**school, "goalCount": 0} for school in answer["schools"]]
        return answer

    monkeypatch.setattr(ReadApi, "report", without_goals)
    app = open_page("admin/schools.py", "amy")
    assert "No goal counts today: there is no school." in [info.value for info in app.info]

"""Apps, roster health and the build log: figures of the marts, small groups hidden, words first."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import apps, builds, frames
from dashboards.charts import admin as charts
from tests.dashboards.conftest import Running
from tests.dashboards.test_charts import drawn, rows
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]


def group(
    app_name: str, xp_per_minute: float | None, *, students: int | None = 9
) -> dict[str, Any]:
    """A group of grade 5 math as the report has it; hidden without students."""
    return {
        "grade": "05",
        "subject": "Math",
        "appName": app_name,
        "isHidden": students is None,
        "studentCount": students,
        "xpPerActiveMinute": xp_per_minute,
    }


def read(*groups: dict[str, Any]) -> pl.DataFrame:
    return apps.compared(frames.read(groups, frames.APP_GROUPS))


def test_apps_show_the_ratios_of_the_marts(open_page: Open, running: Running) -> None:
    app = open_page("admin/apps.py", "root")
    table = app.dataframe[0].value
    facts = running.rows(
        "select sum(xp) as xp, sum(active_seconds) as seconds,"
        " sum(correct_questions) / sum(scored_questions) as accuracy"
        " from agg_student_day_lesson__activity group by subject order by subject"
    )
    assert list(table["comparison"]) == ["Grade 5, Math", "Grade 5, Reading"]
    assert list(table["students"]) == ["5", "5"]
    assert list(table["xp"]) == pytest.approx([float(row["xp"]) for row in facts])
    assert list(table["xp_per_active_minute"]) == pytest.approx(
        [60 * float(row["xp"]) / row["seconds"] for row in facts]
    )
    assert list(table["accuracy_percent"]) == [round(100 * row["accuracy"]) for row in facts]
    assert "none with two apps to compare" in shown(app)


def test_a_group_under_five_students_is_hidden_in_chart_table_and_csv(open_page: Open) -> None:
    app = open_page("admin/apps.py", "amy")
    table = app.dataframe[0].value
    assert set(table["students"]) == {"fewer than 5 students"}
    figures = table.drop(columns=["comparison", "app_name", "students"])
    assert figures.isna().all().all()
    assert any("2 groups with fewer than 5 students are hidden" in i.value for i in app.info)


def test_apps_follow_the_address(open_page: Open) -> None:
    app = open_page("admin/apps.py", "root", subject="Math", measure="accuracy_ratio", days="7")
    assert list(app.dataframe[0].value["comparison"]) == ["Grade 5, Math"]
    assert [one.value for one in app.selectbox] == ["", "", "Math", "accuracy_ratio"]


def test_the_sentence_names_the_widest_gap_with_its_counts() -> None:
    groups = read(group("Garden", 1.25), group("Harbor", 0.5, students=6), group("Tiny", None))
    assert apps.finding(groups, "xp_per_active_minute", 7) == (
        "1 of 1 grade and subject have two apps or more. The widest gap is in Grade 5, Math,"
        " xp per active minute: Garden 1.25 (9 students), Harbor 0.50 (6 students)."
    )


def test_groups_are_named_by_their_grades_kindergarten_too() -> None:
    groups = read(*(group("Garden", 1.0) | {"grade": grade} for grade in ("KG", "05", None)))
    assert groups["comparison"].to_list() == [
        "Kindergarten, Math",
        "Grade 5, Math",
        "No grade, Math",
    ]


def test_a_hidden_group_is_never_compared() -> None:
    groups = read(group("Garden", 1.25), group("Tiny", None, students=None))
    assert "none with two apps" in apps.finding(groups, "xp_per_active_minute", 7)
    assert apps.as_table(groups, 5)["students"].to_list() == ["9", "fewer than 5 students"]


def test_apps_differ_by_shape_and_colour_and_without_a_value_there_is_no_dot() -> None:
    groups = read(group("Garden", 1.25), group("Harbor", 0.5), group("Silent", None))
    document = drawn(charts.apps_compared(groups, "xp_per_active_minute", "XP", ".2f"))
    encoding = document["layer"][0]["encoding"]
    assert len(set(encoding["color"]["scale"]["range"])) == 3
    assert len(set(encoding["shape"]["scale"]["range"])) == 3
    assert [row["app_name"] for row in rows(document)] == ["Garden", "Harbor"]


def test_roster_health_lists_what_is_missing_with_what_to_do(
    open_page: Open, running: Running
) -> None:
    app = open_page("admin/roster_health.py", "root")
    tables = {
        title.value.rpartition(":")[0]: table.value
        for title, table in zip(app.subheader, app.dataframe, strict=True)
    }
    assert list(tables["Students without an enrollment"]["name"]) == ["Eli Ellis"]
    assert list(tables["Classes without a teacher"]["name"]) == ["Reading Grade 5 morning"]
    assert sorted(tables["Students without a parent or guardian"]["id"]) == ["cleo", "dev", "eli"]
    assert list(tables["Events about unknown students"]["amount"]) == [3]
    assert sorted(tables["Students who share an e-mail address"]["id"]) == ["dev", "eli"]
    waiting = tables["XP that waits for an enrollment"]
    (facts,) = running.rows(
        "select sum(xp) as xp from fct_xp_ledger where status = 'pending_enrollment'"
    )
    assert waiting["amount"].sum() == pytest.approx(float(facts["xp"]))
    assert "6 of 8 checks find something for 5 students" in shown(app)
    assert "Enroll a teacher in the class" in shown(app)


def test_a_schools_roster_health_is_of_its_students_alone(open_page: Open) -> None:
    app = open_page("admin/roster_health.py", "amy")
    assert "2 of 7 checks find something for 4 students" in shown(app)
    assert not any("Eli" in str(table.value) for table in app.dataframe)
    assert not any("unknown students" in title.value for title in app.subheader)


def test_the_build_log_is_open_to_analysts(open_page: Open) -> None:
    app = open_page("analyst/builds.py", "ana")
    table = app.dataframe[0].value
    assert list(table["status"]) == ["✓ Published"]
    assert list(table["duration_seconds"]) == [9.0]
    assert "0 of the last 1 build failed; a small build takes 9.0 s (median)." in shown(app)


def test_the_build_logs_sentence_tells_full_from_small() -> None:
    log: list[dict[str, Any]] = [
        {"status": "published", "durationSeconds": 4.0, "fullRefresh": False},
        {"status": "failed", "durationSeconds": 90.0, "fullRefresh": False},
        {"status": "published", "durationSeconds": 30.0, "fullRefresh": True},
        {"status": "running", "durationSeconds": None, "fullRefresh": False},
    ]
    assert builds.finding(log) == (
        "1 of the last 4 builds failed; a small build takes 4.0 s and a full build takes 30.0 s"
        " (median)."
    )

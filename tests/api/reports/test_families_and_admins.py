"""Reports of families and admins: who may read them, their rules at the boundaries, the audit."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from api.reports import roster_health, wording
from api.reports.app_use import LEAST_STUDENTS, RATIOS, SHOWN, group
from api.reports.family import rule_numbers
from api.reports.family_words import for_family, sentence
from api.reports.queries import roster_health as queries
from api.reports.schemas.learning import Flag

Read = Callable[..., dict[str, Any]]
MARTS = Path(__file__).parents[1] / "marts.sql"
REPORTS = {
    "parent/week": {"pat"},
    "parent/xp-meaning?studentId=ada": {"pat"},
    "admin/apps": {"amy", "root"},
    "admin/roster-health": {"amy", "root"},
    "analyst/builds": {"amy", "root", "ana"},
    "me/students": {"gwen", "pat", "ada", "amy", "root"},
}
MORNING = datetime(2026, 11, 20, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_for_its_roles_alone(
    report: str, client: TestClient, token: Callable[[str], dict[str, str]]
) -> None:
    for who in ("gwen", "pat", "ada", "amy", "root", "mia", "ana"):
        response = client.get(f"/reports/1.0/{report}", headers=token(who))
        assert response.status_code == (200 if who in REPORTS[report] else 403), who
    assert client.get(f"/reports/1.0/{report}").status_code == 401


@pytest.mark.parametrize("student", ["cleo", "eli", "nobody"])
def test_xp_is_explained_of_ones_own_child_alone(
    student: str, client: TestClient, token: Callable[[str], dict[str, str]]
) -> None:
    response = client.get(
        "/reports/1.0/parent/xp-meaning", params={"studentId": student}, headers=token("pat")
    )
    assert response.status_code == 404
    assert response.json()["type"] == "urn:timeback:error:unknown_user"


def test_students_to_choose_are_those_one_may_see(read: Read) -> None:
    seen = {
        who: [one["id"] for one in read(who, "me/students")["students"]]
        for who in ("gwen", "pat", "ada")
    }
    assert seen == {"gwen": ["ada", "ben", "cleo", "dev"], "pat": ["ada", "ben"], "ada": ["ada"]}


@pytest.mark.parametrize(
    ("who", "report", "action", "students"),
    [
        ("pat", "parent/week", "reports.parent_week", {"ada", "ben"}),
        ("pat", "students/ada", "reports.student", {"ada"}),
        ("amy", "admin/roster-health", "reports.roster_health", {"ada", "ben", "cleo", "dev"}),
        ("gwen", "me/students", "reports.students", {"ada", "ben", "cleo", "dev"}),
    ],
)
def test_each_student_read_is_in_the_audit_log(
    who: str, report: str, action: str, students: set[str], read: Read, audited: Any
) -> None:
    before = audited(action)
    read(who, report)
    after = audited(action)
    assert {one for one in after if after[one] > before.get(one, 0)} == students


def test_families_get_no_placement_and_flags_in_their_own_words(read: Read) -> None:
    for_guide, for_parent = read("gwen", "students/ben"), read("pat", "students/ben")
    assert for_guide["placement"]
    assert for_parent["placement"] == []
    said = [flag["text"] for flag in for_parent["standing"]["flags"]]
    assert said == [
        "40% of 25 answers of the last 7 days were right.",
        "Now practising Math lesson 6: 40% of the last 10 answers were right.",
    ]
    assert read("pat", "parent/today")["children"][1]["standing"]["flags"][0]["text"] == said[0]


def test_enrollments_without_activity_are_those_of_the_days_asked_for(read: Read) -> None:
    def quiet(days: int) -> set[str]:
        checks = read("amy", "admin/roster-health", days=days)["checks"]
        (check,) = (one for one in checks if one["check"] == "enrollments_without_events")
        return {row["reference"] for row in check["rows"]}

    assert quiet(1) == {"cleo-math-5", "cleo-reading-5"}
    assert quiet(7) == set()


def test_every_check_has_words_and_rows_of_its_own(read: Read) -> None:
    checks = read("root", "admin/roster-health")["checks"]
    assert len({check["check"] for check in checks}) == 8
    for check in checks:
        assert check["title"]
        assert check["meaning"].endswith(".")
        assert check["todo"].endswith(".")
        assert len(check["rows"]) == min(check["count"], roster_health.ROWS_SHOWN)


def test_a_school_without_a_zone_is_counted_with_its_students() -> None:
    connection = duckdb.connect()
    connection.execute(MARTS.read_text())
    connection.execute(
        "insert into dim_schools by name select 'north' as school_id, 'North' as school_name;"
        "insert into dim_students by name select unnest(['a', 'b', 'c']) as student_id,"
        " 'north' as school_id, 'UTC' as timezone, unnest([true, true, false])"
        " as is_timezone_fallback"
    )
    found = connection.execute(queries.WITHOUT_ZONE, {"students": ["a", "b", "c"]}).fetchall()
    assert found == [("north", "North", "North", "Days are cut at midnight UTC", 2)]


def app_row(**changed: Any) -> dict[str, Any]:
    """A group that was active for an hour."""
    figures = dict.fromkeys(SHOWN, 0) | {"student_count": LEAST_STUDENTS, "active_seconds": 3600.0}
    return {"grade": "05", "subject": "Math", "app_name": "Garden"} | figures | changed


@pytest.mark.parametrize(("students", "is_hidden"), [(4, True), (5, False)])
def test_a_group_is_hidden_under_five_students(students: int, is_hidden: bool) -> None:
    shown = group(app_row(student_count=students, xp=60))
    assert shown["is_hidden"] is is_hidden
    assert (shown["student_count"] is None) is is_hidden
    assert (shown["xp_per_active_minute"] is None) is is_hidden


def test_ratios_are_of_minutes_hours_and_shares() -> None:
    shown = group(
        app_row(
            xp=90,
            mastered_lessons=3,
            idle_seconds=1200.0,
            scored_questions=8,
            correct_questions=6,
            award_count=20,
            review_count=1,
        )
    )
    assert {name: shown[name] for name in RATIOS} == {
        "xp_per_active_minute": 1.5,
        "mastered_per_active_hour": 3.0,
        "accuracy_ratio": 0.75,
        "idle_ratio": 0.25,
        "review_ratio": 0.05,
    }


def test_what_was_not_measured_is_not_0() -> None:
    shown = group(app_row(active_seconds=0.0))
    assert all(shown[name] is None for name in RATIOS)


def flag(reason: str, measured: float = 0.4) -> Flag:
    return Flag(
        reason=reason,
        measured=measured,
        threshold=0.5,
        evidence_count=25,
        evidence_unit="answers",
        lesson_id=None,
        lesson_title="Fractions",
        text="the guide's words",
    )


def test_every_flag_a_guide_gets_has_words_for_families_or_is_hidden() -> None:
    reasons = [
        line.split('"')[1]
        for line in inspect.getsource(wording.flag_text).splitlines()
        if line.strip().startswith('case "')
    ]
    assert len(reasons) == 6
    general = sentence(flag("something new"))
    shown = for_family(flag(reason) for reason in reasons)
    assert [one.reason for one in shown] == [r for r in reasons if r != "xp_review"]
    assert all(one.text not in (general, "the guide's words") for one in shown)


@pytest.mark.parametrize(
    ("reason", "measured", "count", "said"),
    [
        ("no_events", 2, 2, "No activity for 2 school days; flagged from 2."),
        ("goal_missed", 3, 4, "Missed the goal on 3 of the last 4 school days; flagged from 2."),
        ("low_accuracy", 0.4, 25, "40% of 25 answers correct over 7 days; flagged below 200%."),
        ("idle", 0.4, 90, "40% of 90 minutes idle over 7 days; flagged above 200%."),
        (
            "struggling_lesson",
            0.4,
            10,
            "Struggling with Fractions: 40% of the last 10 answers correct.",
        ),
        ("xp_review", 1, 9, "1 of 9 XP entries of the last 7 days to review."),
    ],
)
def test_a_flag_says_what_it_rests_on(reason: str, measured: float, count: int, said: str) -> None:
    numbers = {"measured": measured, "threshold": 2, "evidence_count": count}
    assert wording.flag_text({"reason": reason, "lesson_title": "Fractions", **numbers}) == said


@pytest.mark.parametrize(
    ("reason", "minutes", "said"),
    [
        (None, None, None),
        ("over_240_in_event", None, "241.5 XP in one event"),
        ("over_active_time", 19.6, "241.5 XP on a day of 20 active minutes"),
    ],
)
def test_an_entry_to_review_says_why(
    reason: str | None, minutes: float | None, said: str | None
) -> None:
    entry = {"review_reason": reason, "review_xp": 241.5, "review_active_minutes": minutes}
    assert wording.review_text(entry) == said


def entry(xp: float, *, late: bool, kind: str = "earn", status: str = "credited") -> dict[str, Any]:
    return {
        "xp": xp,
        "kind": kind,
        "status": status,
        "restated_at": MORNING if late else None,
        "course_title": "Math Grade 5",
        "subject": "Math",
    }


@pytest.mark.parametrize(
    ("restated_at", "ledger", "said"),
    [
        (None, [entry(5, late=False)], None),
        (
            MORNING,
            [entry(5, late=False)],
            "time, answers or the goal became known late, no XP did.",
        ),
        (
            MORNING,
            [entry(12, late=True), entry(5, late=False)],
            "1 of 2 XP entries came late (+12 XP).",
        ),
        (
            MORNING,
            [entry(-12, late=True, kind="reverse"), entry(7.5, late=True, kind="correct")],
            "2 of 2 XP entries came late (-4.5 XP), 1 of them to correct earlier ones.",
        ),
    ],
)
def test_a_changed_day_says_by_what(
    restated_at: datetime | None, ledger: list[dict[str, Any]], said: str | None
) -> None:
    text = wording.restatement([{"restated_at": restated_at}], ledger, "America/Chicago")
    assert (text and text.partition("over: ")[2]) == said
    assert text is None or "20 Nov at 08:12" in text


def test_waiting_xp_names_the_course() -> None:
    assert wording.waiting([entry(12, late=False)]) is None
    text = wording.waiting([entry(12, late=False, status="pending_enrollment")])
    assert text is not None
    assert text.startswith("12 XP of 1 XP entry waits for an enrollment in Math Grade 5;")


def test_the_numbers_of_the_rules_are_the_projects() -> None:
    numbers = rule_numbers()
    assert (numbers.active_gap_seconds, numbers.mastered_ratio) == (600, 0.9)
    assert (numbers.mastered_item_count, numbers.default_goal_xp) == (5, 120)

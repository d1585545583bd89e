"""Each report is for its role, covers what the reader may see, and equals the marts."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.reports.reports import PACE
from tests.api.reports.conftest import PROJECT
from tests.dashboards.roster import PUPILS

Read = Callable[..., dict[str, Any]]
REPORTS = (
    "guide/today",
    "parent/today",
    "students/ada",
    "admin/schools",
    "admin/data-health",
    "partner/integration",
    "partner/usage",
    "partner/content",
)
MAY_READ = {
    "gwen": {"guide/today", "students/ada"},
    "pat": {"parent/today", "students/ada"},
    "ada": {"students/ada"},
    "amy": {"guide/today", "students/ada", "admin/schools", "admin/data-health"},
    "root": {"guide/today", "students/ada", "admin/schools", "admin/data-health"},
    "mia": {"partner/integration", "partner/usage", "partner/content"},
    "ana": set[str](),
}


@pytest.mark.parametrize("who", MAY_READ)
@pytest.mark.parametrize("report", REPORTS)
def test_a_role_reads_its_own_reports_and_is_refused_the_others(
    who: str, report: str, client: TestClient, token: Callable[[str], dict[str, str]]
) -> None:
    response = client.get(f"/reports/1.0/{report}", headers=token(who))
    assert response.status_code == (200 if report in MAY_READ[who] else 403)


@pytest.mark.parametrize("report", [*REPORTS, "me", "freshness"])
def test_without_a_token_nothing_is_read(report: str, client: TestClient) -> None:
    response = client.get(f"/reports/1.0/{report}")
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_every_answer_names_its_build_and_instant(read: Read) -> None:
    for report in MAY_READ["amy"]:
        answer = read("amy", report)
        assert answer["as_of"] == "2026-11-20T18:12:00Z"
        assert answer["build_id"]


def test_a_student_who_is_not_there_reads_like_one_who_may_not_be_seen(
    client: TestClient, token: Callable[[str], dict[str, str]]
) -> None:
    bodies = []
    for student in ("eli", "zzz"):
        response = client.get(f"/reports/1.0/students/{student}", headers=token("gwen"))
        assert response.status_code == 404
        body = response.json()
        bodies.append({k: body[k] for k in ("type", "title", "status", "imsx_CodeMinor")})
    assert bodies[0] == bodies[1]


def test_a_class_that_is_not_the_guides_is_not_there(
    client: TestClient, token: Callable[[str], dict[str, str]]
) -> None:
    response = client.get(
        "/reports/1.0/guide/today", params={"classId": "class-reading-5"}, headers=token("gwen")
    )
    assert response.status_code == 404
    assert response.json()["type"] == "urn:timeback:error:unknown_class"


def test_a_date_that_is_none_is_refused_by_name(
    client: TestClient, token: Callable[[str], dict[str, str]]
) -> None:
    response = client.get(
        "/reports/1.0/guide/today", params={"on": "yesterday"}, headers=token("gwen")
    )
    assert response.status_code == 400
    assert response.json()["imsx_error_details"][0]["path"] == "query.on"


def test_students_come_by_need_with_the_reason_in_words_and_numbers(read: Read) -> None:
    students = read("gwen", "guide/today")["students"]
    assert [one["studentId"] for one in students] == ["ben", "cleo", "dev", "ada"]
    flags = {flag["reason"]: flag["text"] for flag in students[0]["flags"]}
    assert flags["low_accuracy"] == "40% of 25 answers correct over 7 days; flagged below 70%."
    assert "Math lesson 6" in flags["struggling_lesson"]


def test_me_names_what_each_role_can_choose(read: Read) -> None:
    assert [one["id"] for one in read("gwen", "me")["classes"]] == ["class-math-5"]
    assert [one["id"] for one in read("pat", "me")["children"]] == ["ada", "ben"]
    assert [one["id"] for one in read("amy", "me")["schools"]] == ["north"]
    assert read("mia", "me")["client"] == {
        "id": "tb-math",
        "title": "Number Garden",
        "detail": None,
    }
    assert read("ana", "me")["roles"] == ["analyst"]


def test_a_platform_admin_sees_all_students_and_a_schools_admin_their_own(read: Read) -> None:
    counts = {
        one["schoolId"]: one["studentCount"] for one in read("root", "admin/schools")["schools"]
    }
    assert counts == {"north": 4, "west": 1}
    counts = {
        one["schoolId"]: one["studentCount"] for one in read("amy", "admin/schools")["schools"]
    }
    assert counts == {"north": 4}


def test_a_partner_learns_nothing_of_another_partners_events(read: Read) -> None:
    answer = read("mia", "partner/integration", days=90)
    text = str(answer)
    assert "reading" not in text.lower()
    assert "Story Harbor" not in text


def test_freshness_says_how_old_and_what_waits(read: Read) -> None:
    fresh = read("gwen", "freshness")
    age = datetime.now(UTC) - datetime.fromisoformat(fresh["as_of"])
    assert fresh["ageSeconds"] == pytest.approx(age.total_seconds(), abs=60)
    assert fresh["isStale"]
    assert fresh["waitingEvents"] == 0
    assert read("mia", "freshness")["buildNumber"] is None


def test_each_student_that_a_person_read_is_in_the_audit_log(read: Read, audited: Any) -> None:
    before = audited("reports.guide_today")
    read("gwen", "guide/today")
    seen = audited("reports.guide_today")
    north = [pupil.student_id for pupil in PUPILS if pupil.school_id == "north"]
    assert {one: seen[one] - before.get(one, 0) for one in seen} == dict.fromkeys(north, 1)


def test_the_pace_is_the_one_of_the_daily_goal_rule() -> None:
    project = (PROJECT / "dbt_project.yml").read_text()
    hours = dict(re.findall(r"^  pace_(starts|ends)_hour: (\d+)", project, re.MULTILINE))
    assert hours == {"starts": str(PACE.starts_hour), "ends": str(PACE.ends_hour)}

"""The reports of a class equal the marts, keep to the reader's students and say when they end."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from tests.dashboards.roster import LESSONS

Read = Callable[..., dict[str, Any]]
Token = Callable[[str], dict[str, str]]
REPORTS = ("guide/class-grid", "guide/stuck-lessons", "guide/week-review")


@pytest.mark.parametrize("report", REPORTS)
def test_guides_and_admins_read_them_and_nobody_else(
    report: str, client: TestClient, token: Token
) -> None:
    status = {
        who: client.get(f"/reports/1.0/{report}", headers=token(who)).status_code
        for who in ("gwen", "amy", "root", "pat", "ada", "mia", "ana")
    }
    assert status == {
        "gwen": 200,
        "amy": 200,
        "root": 200,
        "pat": 403,
        "ada": 403,
        "mia": 403,
        "ana": 403,
    }


@pytest.mark.parametrize("report", REPORTS)
def test_a_class_that_is_not_the_guides_is_not_there(
    report: str, client: TestClient, token: Token
) -> None:
    answer = client.get(
        f"/reports/1.0/{report}", params={"classId": "class-reading-5"}, headers=token("gwen")
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("report", "action"),
    [
        ("guide/class-grid", "reports.class_grid"),
        ("guide/stuck-lessons", "reports.stuck_lessons"),
        ("guide/week-review", "reports.week_review"),
    ],
)
def test_each_student_that_was_read_is_in_the_audit_log(
    report: str, action: str, read: Read, audited: Callable[[str], dict[str, int]]
) -> None:
    before = audited(action)
    read("gwen", report)
    assert {one: n - before.get(one, 0) for one, n in audited(action).items()} == dict.fromkeys(
        ("ada", "ben", "cleo", "dev"), 1
    )


def test_a_cell_is_the_weeks_xp_against_the_goals_of_its_school_days_so_far(read: Read) -> None:
    grid = read("gwen", "guide/class-grid")
    assert grid["week"] == {"startsOn": "2026-11-16", "throughOn": "2026-11-20", "isOver": False}
    assert grid["subjects"] == ["Math", "Reading"]
    ada = next(one for one in grid["students"] if one["studentId"] == "ada")
    assert [cell["goalXp"] for cell in ada["cells"]] == [150, 150]
    assert ada["total"]["goalXp"] == 300
    assert sum(cell["earnedXp"] for cell in ada["cells"]) == pytest.approx(ada["total"]["earnedXp"])
    assert len(ada["days"]) == 5


def test_a_week_of_the_past_is_whole_and_one_of_the_future_is_this_one(read: Read) -> None:
    week = read("gwen", "guide/class-grid", week="2026-11-11")["week"]
    assert week == {"startsOn": "2026-11-09", "throughOn": "2026-11-15", "isOver": True}
    assert read("gwen", "guide/class-grid", week="2030-01-01")["week"]["throughOn"] == "2026-11-20"


def test_stuck_lessons_name_who_why_and_with_which_answers(read: Read) -> None:
    answer = read("gwen", "guide/stuck-lessons")
    assert answer["studentCount"] == 4
    first = answer["lessons"][0]
    assert first["lessonId"] == f"math-5-l{LESSONS}"
    assert (first["studentCount"], first["strugglingCount"]) == (1, 1)
    (ben,) = first["students"]
    assert (ben["studentId"], ben["stuckReason"]) == ("ben", "struggling")
    # 12 answers, every third from the first on right: the last ten of them, oldest first.
    assert ben["lastAnswers"] == [number % 3 == 0 for number in range(2, 12)]
    assert [item["itemRef"] for item in first["items"]] == ["math-5-q0", "math-5-q1", "math-5-q2"]
    assert "look at the question itself" in first["items"][0]["hint"]
    assert first["items"][2]["hint"] is None


def test_a_review_counts_whole_days_beside_the_same_days_before(read: Read) -> None:
    review = read("gwen", "guide/week-review")
    # At 12:12 Friday is not over.
    assert review["week"] == {"startsOn": "2026-11-16", "throughOn": "2026-11-19", "isOver": False}
    assert [day["localOn"] for day in review["days"]] == [f"2026-11-{day}" for day in range(16, 20)]
    for side in ("thisWeek", "weekBefore"):
        parts = [one[side] for one in review["students"]]
        for figure in ("xp", "goalDays", "metDays", "activeSeconds"):
            total = sum(part[figure] for part in parts)
            assert review[side][figure] == pytest.approx(total)
    assert review["thisWeek"]["goalDays"] == 4 * 4


def test_me_lists_the_ids_of_all_students_only_when_asked(read: Read) -> None:
    assert read("gwen", "me")["studentIds"] == []
    assert read("gwen", "me", students=True)["studentIds"] == ["ada", "ben", "cleo", "dev"]


@pytest.fixture
def alert_id(founded: Settings) -> int:
    """An alert about Ada, to Gwen."""
    assert founded.database_url is not None
    with psycopg.connect(founded.database_url) as connection:
        row = connection.execute(
            "insert into alerting.outbox (person_id, kind, local_on, status, recipient, subject,"
            " text_body, html_body, student_ids) select person_id, 'guide_daily', '2026-11-20',"
            " 'held', email, 'The day', 'Ada', '<p>Ada</p>', '{ada}' from identity.people"
            " where email = 'gwen@school.test' on conflict (person_id, kind, local_on)"
            " do update set subject = excluded.subject returning alert_id"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_platform_admins_alone_read_the_outbox(
    alert_id: int, client: TestClient, token: Token, audited: Callable[[str], dict[str, int]]
) -> None:
    for path in ("admin/outbox", f"admin/outbox/{alert_id}"):
        for who, status in {"root": 200, "amy": 403, "gwen": 403, "mia": 403}.items():
            answer = client.get(f"/reports/1.0/{path}", headers=token(who))
            assert answer.status_code == status, (who, path)
    body = client.get("/reports/1.0/admin/outbox", headers=token("root")).json()
    assert [one["subject"] for one in body["alerts"]] == ["The day"]
    assert "textBody" not in body["alerts"][0]
    assert audited("reports.alert") == {"ada": 1}
    missing = client.get("/reports/1.0/admin/outbox/999999", headers=token("root"))
    assert missing.status_code == 404

"""`GET /xp/1.0/users/{id}/summary`: XP by day and subject, beside what the day wanted."""

from typing import Any

import pytest

from tests.api.conftest import Visit

SUMMARY = "/xp/1.0/users/ana/summary"
DAY = "2026-01-15"


def rows(visit: Visit, who: str, **params: str) -> list[dict[str, Any]]:
    answer = visit(who).get(SUMMARY, params=params)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["total"] == len(body["days"])
    days: list[dict[str, Any]] = body["days"]
    return days


def xp(days: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    return {(row["date"], row["subject"]): row["xpEarned"] for row in days}


def test_staff_read_the_whole_day_with_its_goal_and_then_its_subjects(visit: Visit) -> None:
    whole, maths, reading = rows(visit, "guide")
    assert whole == {
        "date": DAY,
        "subject": "All",
        "xpEarned": 27.5,
        "pendingXp": 0.0,
        "entryCount": 3,
        "goalXp": 120.0,
        "goalSource": "default",
        "goalEarnedXp": 27.5,
        "status": "behind",
        "restatedAt": None,
        "isSchoolDay": True,
        "streakDays": 0,
        "reviewCount": 1,
        "reviewReason": "over_active_time",
    }
    assert (maths["subject"], maths["xpEarned"], maths["reviewCount"]) == ("Math", 12.5, 1)
    assert (reading["subject"], reading["xpEarned"], reading["reviewCount"]) == ("Reading", 15, 0)


def test_a_partner_reads_its_own_xp_goal_and_no_flag(visit: Visit) -> None:
    days = rows(visit, "reading")
    today = {row["subject"]: row for row in days if row["date"] == DAY}
    assert (today["All"]["xpEarned"], today["All"]["status"]) == (15, "no_goal")
    own = today["Reading"]
    assert (own["goalXp"], own["goalSource"], own["goalEarnedXp"], own["status"]) == (
        30,
        "enrollment",
        15,
        "behind",
    )
    assert {row["reviewCount"] for row in days} == {None}
    assert {row["streakDays"] for row in days} == {None}
    assert [row for row in rows(visit, "maths") if row["goalXp"] is not None] == []


def test_a_partners_goal_stands_on_days_without_xp_too(visit: Visit) -> None:
    days = rows(visit, "reading", startDate="2026-01-13", endDate="2026-01-14")
    assert [(row["date"], row["subject"], row["status"]) for row in days] == [
        ("2026-01-14", "Reading", "not_started"),
        ("2026-01-13", "Reading", "not_started"),
    ]


def test_no_goal_is_told_for_a_day_that_has_not_come(visit: Visit) -> None:
    assert rows(visit, "reading", startDate="2026-01-16", endDate="2026-01-20") == []


def test_another_zone_moves_xp_but_not_the_goal(visit: Visit) -> None:
    days = rows(visit, "guide", timezone="America/New_York", endDate="2026-01-16")
    assert xp(days) == {
        ("2026-01-16", "All"): -5.0,
        ("2026-01-16", "Reading"): -5.0,
        (DAY, "All"): 32.5,
        (DAY, "Math"): 12.5,
        (DAY, "Reading"): 20.0,
    }
    goals = {(row["date"], row["subject"]): row["goalXp"] for row in days}
    assert goals[(DAY, "All")] == 120
    assert goals[("2026-01-16", "All")] is None


def test_one_app_alone_leaves_the_status_of_the_day(visit: Visit) -> None:
    whole, maths = rows(visit, "guide", applicationId="adder")
    assert (whole["xpEarned"], whole["goalEarnedXp"], whole["status"]) == (12.5, 27.5, "behind")
    assert maths["subject"] == "Math"


@pytest.mark.parametrize("names", [("after", "before"), ("startDate", "endDate")])
def test_both_names_of_a_bound_include_their_day(visit: Visit, names: tuple[str, str]) -> None:
    first, last = names
    assert xp(rows(visit, "guide", **{first: DAY, last: DAY}))[(DAY, "All")] == 27.5
    assert rows(visit, "guide", **{first: "2026-01-16", last: "2026-01-16"}) == []
    assert rows(visit, "guide", **{first: "2026-01-14", last: "2026-01-14"}) == []


def test_pages_of_days_add_up(visit: Visit) -> None:
    pages = [
        visit("guide").get(SUMMARY, params={"limit": 1, "offset": offset}).json()["days"]
        for offset in range(4)
    ]
    assert [page[0]["subject"] for page in pages[:3]] == ["All", "Math", "Reading"]
    assert pages[3] == []


def test_a_limit_above_the_maximum_is_named(visit: Visit) -> None:
    answer = visit("guide").get(SUMMARY, params={"limit": 101})
    assert answer.status_code == 400
    assert "100" in answer.json()["detail"]
    assert answer.json()["imsx_error_details"][0]["path"] == "query.limit"

"""`GET /analytics/1.0/…`: days, subjects, apps; whose seconds; which days."""

from typing import Any

import pytest

from tests.api.conftest import Visit

ACTIVITY = "/analytics/1.0/activity?studentId=ana"
DAY = "2026-01-15"


def read(visit: Visit, who: str, **params: str) -> dict[str, Any]:
    answer = visit(who).get("/analytics/1.0/activity", params={"studentId": "ana", **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_staff_read_the_union_of_all_apps(visit: Visit) -> None:
    body = read(visit, "guide")
    assert body["facts"][DAY]["Reading"] == {
        "activityMetrics": {
            "xpEarned": 15.0,
            "totalQuestions": 1,
            "scoredQuestions": 1,
            "correctQuestions": 1,
            "masteredUnits": 1,
        },
        "timeSpentMetrics": {
            "activeSeconds": 25 * 60.0,
            "inactiveSeconds": 0.0,
            "wasteSeconds": 0.0,
            "wasteMeasured": False,
            "timeStatus": "ok",
        },
        "apps": ["reader", "reader-2"],
        "restatedAt": None,
    }
    assert body["factsByApp"][DAY]["adder"]["Math"]["activityMetrics"]["xpEarned"] == 12.5


@pytest.mark.parametrize("zone", [{}, {"timezone": "America/Chicago"}])
def test_a_partner_counts_two_apps_at_once_once_and_each_app_whole(
    visit: Visit, zone: dict[str, str]
) -> None:
    body = read(visit, "reading", **zone)
    assert body["facts"][DAY]["Reading"]["timeSpentMetrics"]["activeSeconds"] == 30 * 60.0
    assert {
        app: subjects["Reading"]["timeSpentMetrics"]["activeSeconds"]
        for app, subjects in body["factsByApp"][DAY].items()
    } == {"reader": 30 * 60.0, "reader-2": 10 * 60.0}


def test_a_partner_reads_its_own_seconds_before_the_union(visit: Visit) -> None:
    facts = read(visit, "reading")["facts"][DAY]
    assert list(facts) == ["Reading"]
    assert facts["Reading"]["timeSpentMetrics"]["activeSeconds"] == 30 * 60.0


@pytest.mark.parametrize("reader", ["guide", "reading", "maths"])
def test_the_schools_zone_regroups_to_the_same_seconds_and_xp(visit: Visit, reader: str) -> None:
    plain, regrouped = read(visit, reader), read(visit, reader, timezone="America/Chicago")
    for subject, figures in plain["facts"][DAY].items():
        assert regrouped["facts"][DAY][subject] == figures


def test_another_zone_moves_seconds_and_xp_to_its_own_days(visit: Visit) -> None:
    """Ana read from 04:55 to 05:05 UTC: over midnight on New York's clocks."""
    facts = read(visit, "reading", timezone="America/New_York", endDate="2026-01-16")["facts"]
    seconds = {day: facts[day]["Reading"]["timeSpentMetrics"]["activeSeconds"] for day in facts}
    xp = {day: facts[day]["Reading"]["activityMetrics"]["xpEarned"] for day in facts}
    assert seconds == {DAY: 25 * 60.0, "2026-01-16": 5 * 60.0}
    assert xp == {DAY: 20.0, "2026-01-16": -5.0}


def test_an_iso_datetime_means_the_date_in_the_zone(visit: Visit) -> None:
    start, end = "2026-01-16T04:00:00Z", "2026-01-16T05:59:59+00:00"
    body = read(visit, "guide", startDate=start, endDate=end)
    assert (body["startDate"], body["endDate"], body["timezone"]) == (DAY, DAY, "America/Chicago")


def test_a_plus_that_was_not_encoded_still_reads(visit: Visit) -> None:
    body = visit("guide").get(f"{ACTIVITY}&startDate=2026-01-15T00:00:00+00:00").json()
    assert body["startDate"] == "2026-01-14"


def test_the_last_seven_days_are_the_default(visit: Visit) -> None:
    body = read(visit, "guide")
    assert (body["startDate"], body["endDate"]) == ("2026-01-09", DAY)


def test_a_week_runs_from_monday_to_sunday(visit: Visit) -> None:
    path = "/analytics/1.0/facts/weekly?studentId=ana"
    body = visit("guide").get(f"{path}&weekDate=2026-01-18").json()
    assert (body["startDate"], body["endDate"]) == ("2026-01-12", "2026-01-18")
    assert [fact["lessonId"] for fact in body["facts"]] == ["m1", "r1", "r1"]
    assert visit("guide").get(f"{path}&weekDate=2026-01-19").json()["facts"] == []


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", "query.studentId"),
        ("studentId=ana&email=ana@maple.example", "query.studentId"),
        ("studentId=ana&timezone=Mars/Olympus", "query.timezone"),
        ("studentId=ana&timezone=../../etc/passwd", "query.timezone"),
        ("studentId=ana&timezone=America", "query.timezone"),
        ("studentId=ana&startDate=soon", "query.startDate"),
        ("studentId=ana&startDate=2026-02-30", "query.startDate"),
        ("studentId=ana&endDate=9999-12-31", "query.endDate"),
        ("studentId=ana&startDate=2026-01-15&endDate=2026-01-14", "query.startDate"),
    ],
)
def test_a_malformed_question_is_refused_by_name(visit: Visit, query: str, place: str) -> None:
    answer = visit("guide").get(f"/analytics/1.0/activity?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["imsx_error_details"][0]["path"] == place


def test_a_partner_finds_by_email_only_whom_it_may_name(visit: Visit) -> None:
    """Ben's enrollment ended: his figures stay readable by id, his address no longer."""
    ben = "/analytics/1.0/activity"
    assert visit("reading").get(ben, params={"studentId": "ben"}).status_code == 200
    assert visit("reading").get(ben, params={"email": "ben@maple.example"}).status_code == 404
    assert visit("root").get(ben, params={"email": "BEN@maple.example"}).status_code == 200

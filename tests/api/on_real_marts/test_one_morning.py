"""The read API on marts that dbt built: from raw events to the answers of a partner and staff."""

import pytest

from tests.api.conftest import School, receive

EVENTS = "/events/1.0"


@pytest.mark.parametrize("who", ["reading", "alpha"])
def test_every_answer_speaks_of_the_same_morning(real_school: School, who: str) -> None:
    client = receive(real_school)(who)

    def read(path: str) -> dict[str, object]:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        body: dict[str, object] = answer.json()
        return body

    xp = client.get("/xp/1.0/users/ann/entries").json()["entries"]
    assert [(entry["value"], entry["status"]) for entry in xp] == [(12.0, "credited")]
    assert client.get(f"{EVENTS}/xp").json()["event"]["made"]["ledgerEntries"] == [xp[0]["id"]]
    assert client.get(f"{EVENTS}/lost").json()["event"]["reason"] == "unknown_lesson"
    path = "/analytics/1.0/activity?studentId=ann&startDate=2026-03-03&endDate=2026-03-03"
    facts = client.get(path).json()["facts"]
    assert client.get(f"{path}&timezone=America/Chicago").json()["facts"] == facts
    figures = facts["2026-03-03"][real_school.partners.reading.title()]
    assert figures["activityMetrics"]["xpEarned"] == 12.0
    assert figures["activityMetrics"]["correctQuestions"] == 1
    assert figures["timeSpentMetrics"]["activeSeconds"] > 0
    insights = read("/insights/1.0/users/ann?startDate=2026-03-01&endDate=2026-03-03")
    assert insights["bySubject"]
    read("/insights/1.0/users/ann/overview")
    session = client.get("/insights/1.0/users/ann/sessions").json()["sessions"][0]
    assert session["totalSeconds"] == 600.0
    lessons = client.get("/mastery/1.0/users/ann/lessons").json()["lessons"]
    assert lessons[0]["evidence"]["correctCount"] == 1
    results = client.get("/gradebook/1.0/assessment-results").json()
    assert {row["metadata"]["scoreType"] for row in results["assessmentResults"]} >= {"XP"}
    assert client.get("/gradebook/1.0/lineItems").json()["total"] == len(
        {row["assessmentLineItem"]["sourcedId"] for row in results["assessmentResults"]}
    )


def test_the_other_partner_finds_nothing(real_school: School) -> None:
    client = receive(real_school)("maths")
    assert client.get("/xp/1.0/users/ann/entries").status_code == 404
    assert client.get(f"{EVENTS}/xp").status_code == 404
    assert client.get("/gradebook/1.0/assessment-results").json()["total"] == 0

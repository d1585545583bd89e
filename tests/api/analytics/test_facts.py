"""`GET /analytics/1.0/facts`: views, assignments, questions and assessments, one row each."""

from typing import Any

import pytest

from tests.api.conftest import Visit

FACTS = "/analytics/1.0/facts"
DAY = "2026-01-15"


def facts(visit: Visit, who: str, **params: Any) -> list[str]:
    answer = visit(who).get(FACTS, params=params)
    assert answer.status_code == 200, answer.text
    return [fact["id"] for fact in answer.json()["facts"]]


def test_a_fact_tells_who_did_what_where_and_for_how_long(visit: Visit) -> None:
    body = visit("reading").get(FACTS, params={"type": "question", "studentId": "ana"}).json()
    assert body["facts"] == [
        {
            "id": "f2",
            "type": "question",
            "state": "answered",
            "studentId": "ana",
            "applicationId": "reader",
            "courseId": "reading-5",
            "lessonId": "r1",
            "subject": "Reading",
            "sessionId": "session-reading",
            "objectId": "q1",
            "objectName": None,
            "startedAt": "2026-01-15T15:04:00Z",
            "endedAt": "2026-01-15T15:05:00Z",
            "localDate": DAY,
            "seconds": 60.0,
            "isCorrect": True,
            "score": 1.0,
            "maxScore": 1.0,
            "sourceEventId": "event-x1",
        }
    ]
    assert body["total"] == 1


def test_the_newest_come_first_and_pages_add_up(visit: Visit) -> None:
    whole = facts(visit, "guide")
    assert whole == ["f3", "f2", "f1"]
    assert [facts(visit, "guide", limit=1, offset=n)[0] for n in range(3)] == whole


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ("reading", ["f2", "f1"]),
        ("maths", ["f3"]),
        ("sandbox", []),
        ("stranger", []),
        ("parent", ["f3", "f2", "f1"]),
        ("alpha", ["f3", "f2", "f1"]),
    ],
)
def test_everyone_reads_their_own_part(visit: Visit, reader: str, expected: list[str]) -> None:
    assert facts(visit, reader) == expected


def test_each_parameter_narrows_the_list(visit: Visit) -> None:
    assert facts(visit, "guide", type="view") == ["f1"]
    assert facts(visit, "guide", applicationId="adder") == ["f3"]
    assert facts(visit, "guide", courseId="reading-5", lessonId="r1") == ["f2", "f1"]
    assert facts(visit, "guide", email="ana@maple.example", lessonId="m1") == ["f3"]
    assert facts(visit, "reading", studentId="ben") == []


def test_days_are_inclusive_and_another_zone_asks_when_the_event_was(visit: Visit) -> None:
    assert facts(visit, "guide", startDate=DAY, endDate=DAY) == ["f3", "f2", "f1"]
    assert facts(visit, "guide", startDate="2026-01-16") == []
    tokyo = {"timezone": "Asia/Tokyo", "studentId": "ana"}
    assert facts(visit, "reading", startDate="2026-01-16", **tokyo) == ["f2"]
    assert facts(visit, "reading", endDate=DAY, **tokyo) == []


def test_a_type_that_is_none_is_named(visit: Visit) -> None:
    answer = visit("guide").get(FACTS, params={"type": "game"})
    assert (answer.status_code, answer.json()["imsx_error_details"][0]["path"]) == (
        400,
        "query.type",
    )

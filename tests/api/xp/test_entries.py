"""`GET /xp/1.0/users/{id}/entries`."""

import pytest

from tests.api.conftest import Visit

PATH = "/xp/1.0/users/ana/entries"


def test_entries_come_newest_first_with_the_wire_names(visit: Visit) -> None:
    answer = visit("reading").get(PATH)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [entry["id"] for entry in body["entries"]] == ["x3", "x1"]
    assert body["entries"][1] == {
        "id": "x1", "value": 20.0, "userId": "ana", "applicationId": "reader",
        "sourceEventId": "event-x1", "dateGenerated": "2026-01-15T15:10:00Z",
        "localDate": "2026-01-15", "subject": "Reading", "courseName": "Reading",
        "courseId": "reading-5", "lessonId": "r1", "enrollmentId": "ana-r", "kind": "earn",
        "status": "credited", "isReview": None, "reviewReason": None,
    }  # fmt: skip
    assert (body["offset"], body["limit"], body["total"]) == (0, 50, 2)
    assert (body["build_id"], body["as_of"]) == ("build-1", "2026-01-15T23:00:00Z")

"""`GET /xp/1.0/users/{id}/entries`."""

from typing import Any

import pytest

from tests.api.conftest import Visit

PATH = "/xp/1.0/users/ana/entries"


def ids(visit: Visit, who: str, **params: Any) -> list[str]:
    answer = visit(who).get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return [entry["id"] for entry in answer.json()["entries"]]


def test_entries_come_newest_first_with_the_wire_names(visit: Visit) -> None:
    answer = visit("reading").get(PATH)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [entry["id"] for entry in body["entries"]] == ["x3", "x1"]
    assert body["entries"][1] == {
        "id": "x1",
        "value": 20.0,
        "userId": "ana",
        "applicationId": "reader",
        "sourceEventId": "event-x1",
        "dateGenerated": "2026-01-15T15:10:00Z",
        "localDate": "2026-01-15",
        "subject": "Reading",
        "courseName": "Reading 5",
        "courseId": "reading-5",
        "lessonId": "r1",
        "enrollmentId": "ana-r",
        "kind": "earn",
        "status": "credited",
        "restatedAt": None,
        "isReview": None,
        "reviewReason": None,
        "reviewXp": None,
        "reviewActiveMinutes": None,
    }
    assert (body["offset"], body["limit"], body["total"]) == (0, 50, 2)
    assert (body["build_id"], body["as_of"]) == ("build-1", "2026-01-15T23:00:00Z")


def test_staff_read_every_apps_entries_and_the_review_mark(visit: Visit) -> None:
    entries = visit("guide").get(PATH).json()["entries"]
    assert [(entry["id"], entry["isReview"]) for entry in entries] == [
        ("x3", False),
        ("x2", True),
        ("x1", False),
    ]
    assert visit("maths").get(PATH).json()["entries"][0]["isReview"] is None


def test_days_are_the_schools_unless_a_zone_is_named(visit: Visit) -> None:
    assert ids(visit, "guide", startDate="2026-01-15", endDate="2026-01-15") == ["x3", "x2", "x1"]
    assert ids(visit, "guide", startDate="2026-01-16") == []
    assert ids(visit, "guide", startDate="2026-01-16", timezone="UTC") == ["x3"]
    assert ids(visit, "guide", endDate="2026-01-15", timezone="UTC") == ["x2", "x1"]


def test_after_and_before_mean_the_same_as_start_and_end(visit: Visit) -> None:
    assert ids(visit, "guide", after="2026-01-15", before="2026-01-15") == ["x3", "x2", "x1"]
    params = {"after": "2026-01-15", "startDate": "2026-01-14"}
    assert visit("guide").get(PATH, params=params).status_code == 400


def test_one_app_alone(visit: Visit) -> None:
    assert ids(visit, "guide", applicationId="adder") == ["x2"]


def test_pages_join_to_the_whole_list_and_links_pin_the_build(visit: Visit) -> None:
    client = visit("guide")
    answer = client.get(PATH, params={"limit": 2})
    found = [entry["id"] for entry in answer.json()["entries"]]
    assert answer.headers["x-total-count"] == "3"
    following = answer.links["next"]["url"]
    assert "build=build-1" in following
    found += [entry["id"] for entry in client.get(following).json()["entries"]]
    assert found == ["x3", "x2", "x1"]
    assert "next" not in client.get(following).links


@pytest.mark.parametrize(
    ("parameter", "bound"), [("limit=101", "100"), ("limit=0", "1"), ("offset=-1", "0")]
)
def test_a_page_out_of_bounds_is_refused_naming_the_bound(
    visit: Visit, parameter: str, bound: str
) -> None:
    answer = visit("guide").get(f"{PATH}?{parameter}")
    assert answer.status_code == 400
    assert bound in answer.json()["detail"]
    assert answer.json()["imsx_error_details"][0]["path"] == f"query.{parameter.split('=')[0]}"


def test_a_build_that_is_gone_is_404(visit: Visit) -> None:
    assert visit("guide").get(PATH, params={"build": "build-0"}).status_code == 404

"""`/gradebook/1.0`: OneRoster shapes, policies, filters."""

from typing import Any

import pytest

from tests.api.conftest import Visit

ATTEMPTS = "/gradebook/1.0/assessment-results"


def ids(visit: Visit, path: str, **params: Any) -> list[str]:
    answer = visit("guide").get(path, params=params)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["results" if path.endswith("/results") else "assessmentResults"]
    return [row["sourcedId"] for row in rows]


def test_an_attempt_has_oneroster_s_shape(visit: Visit) -> None:
    row = visit("guide").get(f"{ATTEMPTS}/res-1").json()["assessmentResult"]
    metadata = row.pop("metadata")
    origin = row["student"]["href"].split("/rostering")[0]
    assert row == {
        "sourcedId": "res-1",
        "status": "active",
        "dateLastModified": "2026-01-15T15:10:00Z",
        "assessmentLineItem": {
            "href": f"{origin}/gradebook/1.0/assessmentLineItems/line-r",
            "sourcedId": "line-r",
            "type": "assessmentLineItem",
        },
        "student": {
            "href": f"{origin}/rostering/1.0/users/ana",
            "sourcedId": "ana",
            "type": "user",
        },
        "score": 8.0,
        "scoreStatus": "fully graded",
        "scoreDate": "2026-01-15",
        "inProgress": "false",
    }
    assert (metadata["scorePercent"], metadata["attempt"]) == (80.0, 1)


def test_attempts_are_all_and_results_the_ones_that_count_by_default(visit: Visit) -> None:
    assert ids(visit, ATTEMPTS) == ["res-1", "res-2", "res-3"]
    assert ids(visit, "/gradebook/1.0/results") == ["res-2", "res-3"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("all", ["res-1", "res-2", "res-3"]),
        ("first", ["res-1"]),
        ("latest", ["res-2", "res-3"]),
        ("best", ["res-2", "res-3"]),
    ],
)
def test_a_policy_chooses_among_attempts(visit: Visit, policy: str, expected: list[str]) -> None:
    assert ids(visit, ATTEMPTS, policy=policy) == expected
    assert ids(visit, "/gradebook/1.0/results", policy=policy) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score>='9'", ["res-2", "res-3"]),
        ("score<'8.5' OR metadata.courseId='maths-5'", ["res-1", "res-3"]),
        ("scoreStatus='fully graded' AND score!='9'", ["res-1"]),
        ("scoreDate='2026-01-15' AND (student.sourcedId='ana')", ["res-1", "res-2", "res-3"]),
        ("assessmentLineItem.sourcedId~'LINE-M'", ["res-3"]),
        ("scoreDate~'2026-01'", ["res-1", "res-2", "res-3"]),
        ("scoreStatus='x''; drop table y; --'", []),
        ("score>'high'", None),
        ("score>", None),
        ("name='x'", None),
    ],
)
def test_a_filter_compares_numbers_as_numbers_and_text_as_text(
    visit: Visit, text: str, expected: list[str] | None
) -> None:
    if expected is None:
        answer = visit("guide").get(ATTEMPTS, params={"filter": text})
        assert answer.status_code == 400, answer.text
        assert answer.json()["imsx_error_details"][0]["path"] == "query.filter"
    else:
        assert ids(visit, ATTEMPTS, filter=text) == expected


@pytest.mark.parametrize("field", ["scoreDate", "dateLastModified"])
@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (">='2026-01-15T05:00:00Z'", ["res-1", "res-2", "res-3"]),
        (">'2026-01-15T15:10:00Z'", ["res-2", "res-3"]),
        (">='2026-01-15T09:10:00-06:00'", ["res-1", "res-2", "res-3"]),
        ("='2026-01-15T15:10:00.000Z'", ["res-1"]),
        ("!='2026-01-15T15:10:00Z'", ["res-2", "res-3"]),
        ("<'2026-01-15T15:10:01'", ["res-1"]),
        ("='2026-01-15'", ["res-1", "res-2", "res-3"]),
        ("<='2026-01-15'", ["res-1", "res-2", "res-3"]),
        (">'2026-01-15'", []),
        ("<'2026-01-16T00:00:00Z'", ["res-1", "res-2", "res-3"]),
    ],
)
def test_a_time_is_compared_as_an_instant_and_a_date_as_the_schools_day(
    visit: Visit, field: str, comparison: str, expected: list[str]
) -> None:
    assert ids(visit, ATTEMPTS, filter=field + comparison) == expected


@pytest.mark.parametrize("text", ["scoreDate>'soon'", "dateLastModified='2026-02-30'"])
def test_a_time_that_is_none_is_refused(visit: Visit, text: str) -> None:
    answer = visit("guide").get(ATTEMPTS, params={"filter": text})
    assert answer.status_code == 400
    assert "is no ISO 8601 date or time" in answer.json()["detail"]


def test_a_list_sorts_either_way_and_ties_break_by_id(visit: Visit) -> None:
    assert ids(visit, ATTEMPTS, sort="score", orderBy="desc") == ["res-2", "res-3", "res-1"]
    assert ids(visit, ATTEMPTS, sort="student.sourcedId") == ["res-1", "res-2", "res-3"]
    assert visit("guide").get(f"{ATTEMPTS}?sort=mood").status_code == 400


def test_fields_leave_out_the_rest(visit: Visit) -> None:
    body = visit("guide").get(f"{ATTEMPTS}?fields=sourcedId,score&limit=1").json()
    assert body["assessmentResults"] == [{"sourcedId": "res-1", "score": 8.0}]
    assert body["total"] == 3
    assert visit("guide").get(f"{ATTEMPTS}?fields=mood").status_code == 400


def test_a_partner_lists_its_own_attempts_alone(visit: Visit) -> None:
    rows = visit("maths").get(ATTEMPTS).json()["assessmentResults"]
    assert [row["sourcedId"] for row in rows] == ["res-3"]


def test_line_items_name_what_is_scored(visit: Visit) -> None:
    item = visit("reading").get("/gradebook/1.0/lineItems").json()["lineItems"][0]
    assert (item["sourcedId"], item["title"], item["resultValueMax"]) == ("line-r", "Lesson r1", 10)
    assert item["metadata"]["resultCount"] == 2
    found = visit("reading").get("/gradebook/1.0/assessmentLineItems/line-r").json()
    assert found["assessmentLineItem"]["title"] == "Lesson r1"


@pytest.mark.parametrize("field", ["dateLastModified", "assignDate", "dueDate"])
def test_times_of_line_items_are_compared_as_instants_and_days(visit: Visit, field: str) -> None:
    def found(comparison: str) -> int:
        params = {"filter": field + comparison}
        answer = visit("reading").get("/gradebook/1.0/lineItems", params=params)
        return int(answer.json()["total"])

    assert found(">='2026-01-15T05:00:00Z'") == found("='2026-01-15'") == 1
    assert found(">='2026-01-16T05:00:00Z'") == found("!='2026-01-15'") == 0


def test_days_choose_attempts(visit: Visit) -> None:
    assert ids(visit, ATTEMPTS, startDate="2026-01-16") == []
    assert ids(visit, ATTEMPTS, endDate="2026-01-15", studentId="ana", timezone="UTC") != []


def test_a_student_who_is_not_yours_is_404(visit: Visit) -> None:
    assert visit("guide").get(ATTEMPTS, params={"studentId": "cai"}).status_code == 404

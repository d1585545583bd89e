"""`GET /gradebook/1.0/items`: how hard a question is, to those who set and assign it."""

import pytest

from tests.api.conftest import Visit

ITEMS = "/gradebook/1.0/items"


def test_a_question_has_its_figures_and_what_stands_behind_them(visit: Visit) -> None:
    body = visit("alpha").get(ITEMS, params={"lessonId": "r1"}).json()
    assert body["total"] == 2
    many, few = body["items"]
    assert many == {
        "itemId": "q1",
        "itemTitle": "Item q1",
        "courseId": "reading-5",
        "lessonId": "r1",
        "responseCount": 40,
        "difficulty": 0.75,
        "difficultyStatus": "ok",
        "discrimination": 0.4,
        "discriminationStatus": "ok",
    }
    assert (few["difficulty"], few["difficultyStatus"]) == (1.0, "not_enough_data")
    assert (few["discrimination"], few["discriminationStatus"]) == (None, "no_data")


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ("reading", ["q1"]),
        ("maths", []),
        ("guide", ["q1"]),
        ("admin", ["q1"]),
        ("alpha", ["q9", "q1", "q2"]),
        ("sandbox", []),
    ],
)
def test_partners_read_their_own_and_staff_what_their_students_answered(
    visit: Visit, reader: str, expected: list[str]
) -> None:
    assert [row["itemId"] for row in visit(reader).get(ITEMS).json()["items"]] == expected


def test_a_partners_figures_are_those_of_the_answers_that_it_may_read(visit: Visit) -> None:
    (question,) = visit("reading").get(ITEMS).json()["items"]
    assert question == {
        "itemId": "q1",
        "itemTitle": "Which is larger?",
        "courseId": "reading-5",
        "lessonId": "r1",
        "responseCount": 1,
        "difficulty": 1.0,
        "difficultyStatus": "not_enough_data",
        "discrimination": None,
        "discriminationStatus": "no_data",
    }


@pytest.mark.parametrize("reader", ["ana", "parent"])
def test_students_and_families_are_refused(visit: Visit, reader: str) -> None:
    answer = visit(reader).get(ITEMS)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("role_required")


def test_a_course_and_a_lesson_narrow_the_list(visit: Visit) -> None:
    assert visit("alpha").get(ITEMS, params={"courseId": "maths-5"}).json()["total"] == 1
    assert visit("alpha").get(ITEMS, params={"lessonId": "r1"}).json()["total"] == 2
    assert visit("alpha").get(ITEMS, params={"lessonId": "none"}).json()["total"] == 0

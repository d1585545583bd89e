"""Every read route for every kind of reader: what is theirs, and what reads as absent."""

import pytest

from tests.api.conftest import Visit

ANAS = [
    "/xp/1.0/users/ana/entries",
    "/xp/1.0/users/ana/summary",
    "/analytics/1.0/activity?studentId=ana",
    "/analytics/1.0/activity?email=ana@maple.example",
    "/analytics/1.0/facts/weekly?studentId=ana",
    "/analytics/1.0/facts?studentId=ana",
    "/insights/1.0/users/ana",
    "/insights/1.0/users/ana/sessions",
    "/insights/1.0/users/ana/overview",
    "/insights/1.0/sessions/session-reading",
    "/gradebook/1.0/assessment-results?studentId=ana",
    "/gradebook/1.0/assessmentResults/res-1",
    "/gradebook/1.0/results?studentId=ana",
    "/gradebook/1.0/results/res-2",
    "/gradebook/1.0/lineItems/line-r",
    "/gradebook/1.0/assessmentLineItems/line-r",
    "/mastery/1.0/users/ana/lessons",
    "/mastery/1.0/lessons/r1/students",
    "/events/1.0/event-x1",
    "/events/1.0/receipts/00000000-0000-0000-0000-000000000007",
    "/events/1.0/receipts/00000000-0000-0000-0000-000000000007/1",
]
LISTS = [
    "/analytics/1.0/facts",
    "/gradebook/1.0/assessment-results",
    "/gradebook/1.0/assessmentResults",
    "/gradebook/1.0/results",
    "/gradebook/1.0/lineItems",
    "/gradebook/1.0/assessmentLineItems",
    "/events/1.0",
]
READERS = ["reading", "dev", "ana", "parent", "guide", "admin", "root", "alpha"]
STRANGERS = ["stranger", "sandbox"]


@pytest.mark.parametrize("reader", READERS)
def test_whoever_knows_ana_reads_her_reading(visit: Visit, reader: str) -> None:
    for path in ANAS + LISTS:
        answer = visit(reader).get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.json()["build_id"] == "build-1"


@pytest.mark.parametrize("reader", STRANGERS)
def test_whoever_does_not_know_ana_reads_that_nothing_is_there(visit: Visit, reader: str) -> None:
    for path in ANAS:
        answer = visit(reader).get(path)
        assert answer.status_code == 404, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    for path in LISTS:
        assert visit(reader).get(path).json()["total"] == 0, path


@pytest.mark.parametrize("reader", ["reading", "sandbox", "parent", "guide", "ana"])
def test_a_hidden_student_and_an_absent_one_read_the_same(visit: Visit, reader: str) -> None:
    for path in ANAS:
        if "ana" not in path:
            continue
        answers = [visit(reader).get(path.replace("ana", name)) for name in ("zoe", "nobody")]
        hidden, absent = (
            (answer.status_code, answer.json() | {"requestId": "", "instance": ""})
            for answer in answers
        )
        assert hidden[0] == 404, path
        assert str(hidden).replace("zoe", "nobody") == str(absent), path


def test_a_partner_reads_its_own_part_of_a_shared_student(visit: Visit) -> None:
    for path in (
        "/gradebook/1.0/results/res-3",
        "/insights/1.0/sessions/session-maths",
        "/gradebook/1.0/lineItems/line-m",
        "/mastery/1.0/lessons/m1/students",
        "/events/1.0/event-x2",
    ):
        assert visit("reading").get(path).status_code == 404, path
        assert visit("maths").get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("reader", "status", "code"),
    [
        ("nobody", 401, "bad_request"),
        ("no_scope", 403, "insufficient_scope"),
        ("analyst", 403, "role_reads_no_students"),
    ],
)
def test_without_token_scope_or_role_every_route_refuses(
    visit: Visit, reader: str, status: int, code: str
) -> None:
    for path in ANAS + LISTS:
        answer = visit(reader).get(path)
        assert answer.status_code == status, (path, answer.text)
        if status == 401:
            assert answer.headers["www-authenticate"].startswith("Bearer")
        else:
            assert answer.json()["type"].endswith(code)


def test_the_last_slash_makes_no_difference(visit: Visit) -> None:
    for path in ("/xp/1.0/users/ana/entries", "/events/1.0", "/gradebook/1.0/results"):
        bare, slashed = visit("reading").get(path), visit("reading").get(path + "/")
        assert bare.status_code == slashed.status_code == 200

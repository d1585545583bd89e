"""Every read route for every kind of reader: what is theirs, and what reads as absent."""

import pytest

from tests.api.conftest import Visit

ANAS = [
    "/xp/1.0/users/ana/entries",
    "/analytics/1.0/activity?studentId=ana",
    "/analytics/1.0/activity?email=ana@maple.example",
    "/analytics/1.0/facts/weekly?studentId=ana",
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
]
LISTS = [
    "/gradebook/1.0/assessment-results",
    "/gradebook/1.0/results",
    "/gradebook/1.0/lineItems",
    "/gradebook/1.0/assessmentLineItems",
]
READERS = ["reading", "dev", "ana", "parent", "guide", "admin", "root", "alpha"]


@pytest.mark.parametrize("path", ANAS + LISTS)
@pytest.mark.parametrize("reader", READERS)
def test_whoever_knows_ana_reads_her_reading(visit: Visit, reader: str, path: str) -> None:
    answer = visit(reader).get(path)
    if reader == "dev" and path in ():
        return
    assert answer.status_code == 200, answer.text
    assert answer.json()["build_id"] == "build-1"


@pytest.mark.parametrize("path", ANAS)
@pytest.mark.parametrize("reader", ["stranger", "sandbox"])
def test_whoever_does_not_know_ana_reads_that_she_is_not_there(
    visit: Visit, reader: str, path: str
) -> None:
    answer = visit(reader).get(path)
    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"] == "application/problem+json"

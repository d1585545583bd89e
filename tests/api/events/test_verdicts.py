"""`GET /events/1.0`: published verdicts, what events made, and what a partner is not told."""

import pytest

from tests.api.conftest import School, Visit
from tests.api.school import RECEIPT

EVENTS = "/events/1.0"


def test_an_accepted_event_names_all_that_it_made(visit: Visit) -> None:
    event = visit("reading").get(f"{EVENTS}/event-x1").json()["event"]
    assert (event["status"], event["reason"], event["mend"]) == ("accepted", None, None)
    assert event["made"]["ledgerEntries"] == ["x1"]
    assert event["sessionId"] == "session-reading"
    assert event["payload"] == '{"id": "as sent, x1"}'
    assert [arrival["status"] for arrival in event["arrivals"]] == ["accepted", "duplicate"]


def test_the_urn_and_the_bare_id_name_one_event(visit: Visit) -> None:
    bare, urn = (visit("reading").get(f"{EVENTS}/{form}event-x1") for form in ("", "urn:uuid:"))
    assert bare.json() == urn.json()


def test_a_quarantined_event_says_what_to_mend(visit: Visit) -> None:
    event = visit("reading").get(f"{EVENTS}/event-3").json()["event"]
    assert (event["status"], event["reason"]) == ("quarantined", "unknown_lesson")
    assert event["mend"]


def test_an_event_refused_without_an_id_is_addressed_by_receipt_and_index(visit: Visit) -> None:
    event = visit("reading").get(f"{EVENTS}/receipts/{RECEIPT}/4").json()["event"]
    assert (event["id"], event["status"], event["reason"]) == (None, "rejected", "missing_id")
    assert event["path"] == "$.data[4].id"


def test_a_receipt_lists_its_events_in_the_order_sent(visit: Visit) -> None:
    events = visit("reading").get(f"{EVENTS}/receipts/{RECEIPT}").json()["events"]
    assert [event["index"] for event in events] == [1, 2, 3, 4, 5, 6]


def test_a_hidden_student_reads_the_same_as_an_unknown_one(visit: Visit) -> None:
    hidden, unknown = (
        visit("reading").get(f"{EVENTS}/event-{number}").json()["event"] for number in (5, 6)
    )
    for event in (hidden, unknown):
        assert event["status"] == "quarantined"
        for name in ("id", "eventTime", "receivedAt", "index", "arrivals"):
            del event[name]
    assert hidden == unknown


def test_staff_read_the_true_verdict_of_the_hidden_student(visit: Visit) -> None:
    event = visit("root").get(f"{EVENTS}/event-5").json()["event"]
    assert (event["status"], event["studentId"]) == ("accepted", "zoe")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("maths", "event-x1"),
        ("reading", "event-x2"),
        ("parent", "event-5"),
        ("stranger", "event-x1"),
        ("reading", "no-such-event"),
        ("reading", "no%00such"),
        ("maths", f"receipts/{RECEIPT}/1"),
        ("reading", f"receipts/{RECEIPT}/99"),
    ],
)
def test_what_is_not_yours_reads_as_absent(visit: Visit, who: str, path: str) -> None:
    answer = visit(who).get(f"{EVENTS}/{path}")
    assert answer.status_code == 404, answer.text


def test_a_list_is_newest_first_and_filters(visit: Visit) -> None:
    client = visit("reading")
    every = client.get(EVENTS).json()
    assert [event["index"] for event in every["events"]] == [6, 5, 4, 3, 2, 1]
    assert every["total"] == 6
    chosen = client.get(f"{EVENTS}/?status=quarantined&reason=student_not_enrolled").json()
    assert [event["id"] for event in chosen["events"]] == ["event-6", "event-5"]
    late = client.get(f"{EVENTS}?since=2026-01-15T15:06:00Z").json()
    assert [event["id"] for event in late["events"]] == ["event-6"]
    assert client.get(f"{EVENTS}?status=lost").status_code == 400
    assert client.get(f"{EVENTS}?since=yesterday").status_code == 400


def test_a_parent_sees_events_of_their_child_alone(visit: Visit) -> None:
    events = visit("parent").get(EVENTS).json()["events"]
    assert {event["studentId"] for event in events} == {"ana"}


def test_staff_see_events_that_name_no_student(visit: Visit) -> None:
    assert visit("alpha").get(EVENTS).json()["total"] == 7


def test_ids_may_hold_slashes(visit: Visit, small_school: School) -> None:
    answer = visit("reading").get(f"{EVENTS}/https://app.example/e/1")
    assert answer.status_code == 404
    assert "https://app.example/e/1" in answer.json()["detail"]
    assert small_school.partners.reading not in answer.text

"""What became of an event, for good: its rows, its repetitions, its rival, its rules."""

import json
from typing import Any

from tests.api.conftest import School, receive
from tests.api.explain.conftest import Explain, figure, payloads


def detail(taught: School, event_id: str, who: str = "reading") -> Any:
    answer = receive(taught)(who).get(f"/events/1.0/{event_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()["event"]


def test_an_award_names_its_ledger_session_and_gradebook_rows(taught: School) -> None:
    client = receive(taught)("reading")
    made = detail(taught, "correction")["made"]
    entries = client.get("/xp/1.0/users/ann/entries?limit=100").json()["entries"]
    assert set(made["ledgerEntries"]) == {
        entry["id"] for entry in entries if entry["sourceEventId"] == "correction"
    }
    (session_id,) = made["sessions"]
    assert client.get(f"/insights/1.0/sessions/{session_id}").status_code == 200
    (result_id,) = made["assessmentResults"]
    result = client.get(f"/gradebook/1.0/assessment-results/{result_id}").json()
    assert result["assessmentResult"]["score"] == 20
    assert (made["itemResponses"], made["facts"]) == ([], [])


def test_every_event_of_an_attempt_names_its_one_result(taught: School) -> None:
    named = {
        event_id: detail(taught, event_id)["made"]["assessmentResults"]
        for event_id in ("begin", "i0", "end", "grade", "regrade")
    }
    assert len({tuple(ids) for ids in named.values()}) == 1
    assert len(named["begin"]) == 1


def test_an_answer_names_its_response_and_its_fact(taught: School) -> None:
    made = detail(taught, "i0")["made"]
    assert len(made["itemResponses"]) == len(made["facts"]) == 1
    assert made["ledgerEntries"] == []


def test_a_conflict_shows_both_payloads_and_a_duplicate_says_whose_it_is(taught: School) -> None:
    event = detail(taught, "view")
    by_status = {arrival["status"]: arrival for arrival in event["arrivals"]}
    assert set(by_status) == {"accepted", "duplicate", "conflict"}
    winner = {name: by_status["accepted"][name] for name in ("receiptId", "index")}
    assert by_status["accepted"]["repeats"] is None
    assert by_status["duplicate"]["repeats"] == by_status["conflict"]["repeats"] == winner
    assert by_status["duplicate"]["payload"] is None
    assert "object_name" not in json.loads(by_status["accepted"]["payload"])
    assert json.loads(by_status["conflict"]["payload"])["object_name"] == "Other"


def test_a_conflict_addressed_by_its_receipt_shows_both_payloads_too(taught: School) -> None:
    by_id = detail(taught, "view")
    (loser,) = (one for one in by_id["arrivals"] if one["status"] == "conflict")
    event = detail(taught, f"receipts/{loser['receiptId']}/{loser['index']}")
    assert event["status"] == "conflict"
    assert event["payload"] == loser["payload"]
    assert event["arrivals"] == by_id["arrivals"]


def test_an_events_explanation_leads_to_the_rules_of_each_row(explain: Explain) -> None:
    told = explain("reading", "event/i0")
    assert (figure(told, "status"), told["eventCount"]) == ("accepted", 1)
    assert list(payloads(told)) == ["i0"]
    models = [step["rules"][0]["model"] for step in told["steps"]]
    assert models == [
        "int_events__judged",
        "fct_sessions",
        "fct_assessment_results",
        "fct_item_responses",
        "fct_engagement",
    ]


def test_a_quarantined_event_says_why_and_what_to_mend(explain: Explain) -> None:
    told = explain("reading", "event/lost")
    assert (figure(told, "status"), figure(told, "reason")) == ("quarantined", "unknown_lesson")
    (judged,) = told["steps"]
    assert "PUT /rostering/1.0/lessons" in judged["rows"][0]["details"]["mend"]


def test_a_list_of_verdicts_ends_before_until_and_comes_as_csv_too(taught: School) -> None:
    client = receive(taught)("reading")
    path = "/events/1.0?since=2026-03-03T15:00:00Z&until=2026-03-03T15:01:30Z"
    assert {event["id"] for event in client.get(path).json()["events"]} == {"in", "view"}
    chosen = client.get(f"{path}&status=conflict&type=ViewEvent").json()
    assert [event["id"] for event in chosen["events"]] == ["view"]
    table = client.get(path, headers={"Accept": "text/csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == 1 + client.get(path).json()["total"]

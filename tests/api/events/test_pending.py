"""Events that no build has judged: pending in the journal and in the lake, refused at the door."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core import lake
from tests.api.conftest import School, Visit

EVENTS = "/events/1.0"


@pytest.fixture(scope="module")
def receipt(small_school: School) -> str:
    """A request of the reading app in the journal: one event taken, one refused without an id."""
    receipt_id = uuid4()
    taken = {"id": "urn:uuid:waiting-1", "type": "ViewEvent", "action": "Viewed"}
    url = {"id": "https://app.example/é/1", "type": "ViewEvent"}
    body = json.dumps({"sensor": "s", "data": [taken, {"type": "ViewEvent"}, url]})
    refusals = [{"index": 1, "reason": "id", "path": "$.data[1].id", "message": "Add an id."}]
    with small_school.context.database.connection() as connection:
        connection.execute(
            "insert into journal.requests"
            " (receipt_id, client_id, received_at, event_count, refusals, body)"
            " values (%s, %s, now(), 3, %s, %s)",
            [
                receipt_id,
                small_school.partners.reading,
                json.dumps(refusals).encode(),
                body.replace("/", "\\/").encode(),
            ],
        )
    return str(receipt_id)


@pytest.mark.usefixtures("receipt")
@pytest.mark.parametrize("event_id", ["waiting-1", "urn:uuid:waiting-1", "https://app.example/é/1"])
def test_an_event_in_the_journal_is_pending(visit: Visit, event_id: str) -> None:
    answer = visit("reading").get(f"{EVENTS}/{event_id}")
    assert answer.status_code == 200, answer.text
    event = answer.json()["event"]
    assert event["status"] == "pending"
    assert json.loads(event["payload"])["type"] == "ViewEvent"


def test_an_event_refused_in_the_journal_says_so_at_once(visit: Visit, receipt: str) -> None:
    event = visit("reading").get(f"{EVENTS}/receipts/{receipt}/1").json()["event"]
    assert (event["status"], event["path"]) == ("rejected", "$.data[1].id")
    listed = visit("reading").get(f"{EVENTS}/receipts/{receipt}").json()["events"]
    assert [each["status"] for each in listed] == ["pending", "rejected", "pending"]


@pytest.mark.parametrize("who", ["maths", "guide", "parent"])
def test_waiting_events_are_their_senders_alone(visit: Visit, receipt: str, who: str) -> None:
    assert visit(who).get(f"{EVENTS}/waiting-1").status_code == 404
    assert visit(who).get(f"{EVENTS}/receipts/{receipt}").status_code == 404


def test_staff_see_every_waiting_event(visit: Visit, receipt: str) -> None:
    assert visit("root").get(f"{EVENTS}/receipts/{receipt}").status_code == 200


def test_an_event_in_the_lake_that_no_build_has_seen_is_pending(
    visit: Visit, small_school: School
) -> None:
    settings = small_school.settings
    assert settings.database_url is not None
    now = datetime.now(UTC)
    with lake.open_duckdb(settings) as connection:
        lake.attach(connection, settings, settings.database_url)
        connection.execute(
            "insert into lake.raw.events by name select 99 as load_id, 99 as journal_seq,"
            " 0 as event_index, $receipt::uuid as receipt_id, $client as client_id,"
            " $now as received_at, $now as event_time, $now::date as day,"
            " 'loaded-1' as event_id, 'ViewEvent' as event_type, '{}' as payload",
            {"receipt": str(uuid4()), "client": small_school.partners.maths, "now": now},
        )
    event = visit("maths").get(f"{EVENTS}/loaded-1").json()["event"]
    assert (event["status"], event["payload"]) == ("pending", "{}")
    assert visit("reading").get(f"{EVENTS}/loaded-1").status_code == 404

"""One partner's ids in another partner's hands: as if they were not there, and never changed."""

import json

import httpx
import pytest

from tests.attacks.conftest import Server, assert_refused

PATHS = [
    f"/rostering/1.0/{path}" for path in ("courses/tryout", "units/tryout-u", "lessons/tryout-l")
]
BODIES = {
    "courses": {"title": "Mine now"},
    "units": {"title": "Mine now", "course": {"sourcedId": "rival"}},
    "lessons": {"title": "Mine now", "unit": {"sourcedId": "rival-u"}},
}


@pytest.fixture
def rival(server: Server) -> httpx.Client:
    return server.client("rival")


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_record_is_neither_read_nor_written(
    partner: httpx.Client, rival: httpx.Client, path: str
) -> None:
    before = partner.get(path)
    body = BODIES[path.split("/")[3]]
    assert_refused(rival.get(path), 404)
    assert_refused(rival.put(path, json=body), 409)
    assert_refused(rival.patch(path, json={"title": "Mine now"}), 404)
    assert_refused(rival.delete(path), 404)
    after = partner.get(path)
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])


@pytest.mark.parametrize("parent", ["tryout", "no-such-course"])
def test_a_foreign_parent_reads_like_one_that_is_not_there(
    rival: httpx.Client, parent: str
) -> None:
    body = {"title": "Unit", "course": {"sourcedId": parent}}
    refused = rival.put("/rostering/1.0/units/rival-u2", json=body)
    assert_refused(refused, 422)
    told = json.dumps(refused.json()).replace(parent, "?").replace(refused.json()["requestId"], "")
    assert "tryout" not in told


def test_a_foreign_event_and_receipt_are_not_there(
    partner: httpx.Client, rival: httpx.Client
) -> None:
    event = {
        "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "id": "urn:uuid:mine-alone",
        "type": "SessionEvent",
        "action": "LoggedIn",
        "actor": {"id": "x", "type": "Person"},
        "eventTime": "2026-01-15T15:00:00Z",
    }
    receipt = partner.post("/events/1.0/", json=event).json()["receiptId"]
    for path in ("mine-alone", f"receipts/{receipt}", f"receipts/{receipt}/0"):
        assert partner.get(f"/events/1.0/{path}").status_code == 200
        assert_refused(rival.get(f"/events/1.0/{path}"), 404)


def test_a_real_student_is_named_by_no_testing_client(rival: httpx.Client) -> None:
    enroll = {"user": {"sourcedId": "ana"}, "class": {"sourcedId": "class-r"}}
    assert_refused(rival.put("/rostering/1.0/enrollments/rival-ana", json=enroll), 422)
    for link in ("ana/agents/pat", "ana/agents/una", "nobody/agents/pat"):  # the first is there
        assert_refused(rival.put(f"/rostering/1.0/students/{link}", json={}), 422)
        assert_refused(rival.delete(f"/rostering/1.0/students/{link}"), 404)
    for path in (
        "/rostering/1.0/users/ana",
        "/xp/1.0/users/ana/entries",
        "/insights/1.0/users/ana",
        "/mastery/1.0/users/ana/lessons",
    ):
        known, unknown = rival.get(path), rival.get(path.replace("ana", "nobody"))
        assert_refused(known, 404)
        assert known.json()["type"] == unknown.json()["type"]

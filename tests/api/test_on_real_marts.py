"""The read API on marts that dbt built: from raw events to the answers of a partner and staff."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from core.access import ClientMode
from core.context import open_context
from core.identity.clients import create_client
from core.registry import records
from tests.api import people
from tests.api.conftest import School, receive
from tests.conftest import make_settings
from tests.warehouse import trap_school as trap
from tests.warehouse.conftest import Warehouse

EVENTS = "/events/1.0"


@pytest.fixture(scope="module")
def real_school(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Ann's morning in one app: a login, a view, a scored question, XP, a logout; built by dbt."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("real") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        modes: tuple[ClientMode, ...] = ("production", "production", "testing", "admin")
        made = [create_client(connection, f"Client {mode}", mode=mode) for mode in modes]
        partners = people.Partners(*(new.client.client_id for new in made))
        client_id = partners.reading
        school = {"name": "School", "type": "school", "metadata": {"timezone": "America/Chicago"}}
        rows = [
            trap.record("org", "school", school),
            trap.user("ann"),
            *trap.course(client_id),
            trap.enrollment("ann", client_id),
        ]
        for row in rows:
            if row["record_type"] != "client":
                records.put(
                    connection, row["record_type"], row["sourced_id"], dict(row["payload"]),
                    owner_client_id=row.get("owner_client_id"),
                )  # fmt: skip
    of_client = {"client_id": client_id, "session_ref": "s"}
    place = {"course_ref": f"{client_id}-course", "lesson_ref": f"{client_id}-1"}
    start = trap.DAY
    events = [
        trap.session("in", "LoggedIn", start, **of_client),
        trap.view("view", start + timedelta(minutes=1), **of_client, **place),
        trap.item("item", start + timedelta(minutes=5), "Completed", **of_client, **place,
                  score_given=1.0, max_score=1.0),
        trap.xp("xp", start + timedelta(minutes=8), 12, "attempt", **of_client, **place),
        trap.view("lost", start, **of_client, **(place | {"lesson_ref": "nowhere"})),
        trap.session("out", "LoggedOut", start + timedelta(minutes=10), **of_client),
    ]  # fmt: skip
    warehouse = Warehouse(settings)
    warehouse.load(events, rows)
    warehouse.build()
    warehouse.close()
    with open_context(settings) as context:
        yield School(settings, context, partners)


@pytest.mark.parametrize("who", ["reading", "alpha"])
def test_every_answer_speaks_of_the_same_morning(real_school: School, who: str) -> None:
    client = receive(real_school)(who)

    def read(path: str) -> dict[str, object]:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        body: dict[str, object] = answer.json()
        return body

    xp = client.get("/xp/1.0/users/ann/entries").json()["entries"]
    assert [(entry["value"], entry["status"]) for entry in xp] == [(12.0, "credited")]
    assert client.get(f"{EVENTS}/xp").json()["event"]["made"]["ledgerEntries"] == [xp[0]["id"]]
    assert client.get(f"{EVENTS}/lost").json()["event"]["reason"] == "unknown_lesson"
    path = "/analytics/1.0/activity?studentId=ann&startDate=2026-03-03&endDate=2026-03-03"
    facts = client.get(path).json()["facts"]
    assert client.get(f"{path}&timezone=America/Chicago").json()["facts"] == facts
    figures = facts["2026-03-03"][real_school.partners.reading.title()]
    assert figures["activityMetrics"]["xpEarned"] == 12.0
    assert figures["activityMetrics"]["correctQuestions"] == 1
    assert figures["timeSpentMetrics"]["activeSeconds"] > 0
    insights = read("/insights/1.0/users/ann?startDate=2026-03-01&endDate=2026-03-03")
    assert insights["bySubject"]
    read("/insights/1.0/users/ann/overview")
    session = client.get("/insights/1.0/users/ann/sessions").json()["sessions"][0]
    assert session["totalSeconds"] == 600.0
    lessons = client.get("/mastery/1.0/users/ann/lessons").json()["lessons"]
    assert lessons[0]["evidence"]["correctCount"] == 1
    results = client.get("/gradebook/1.0/assessment-results").json()
    assert {row["metadata"]["scoreType"] for row in results["assessmentResults"]} >= {"XP"}
    assert client.get("/gradebook/1.0/lineItems").json()["total"] == len(
        {row["assessmentLineItem"]["sourcedId"] for row in results["assessmentResults"]}
    )


def test_the_other_partner_finds_nothing(real_school: School) -> None:
    client = receive(real_school)("maths")
    assert client.get("/xp/1.0/users/ann/entries").status_code == 404
    assert client.get(f"{EVENTS}/xp").status_code == 404
    assert client.get("/gradebook/1.0/assessment-results").json()["total"] == 0

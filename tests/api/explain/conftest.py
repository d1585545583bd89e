"""Two apps, one student and every kind of figure, built by dbt from raw events."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from core.context import open_context
from core.identity.clients import create_client
from tests.api import people
from tests.api.conftest import School, receive
from tests.conftest import make_settings
from tests.warehouse import trap_school as trap
from tests.warehouse.conftest import Warehouse
from tests.warehouse.trap_school import DAY, NIGHT, Row, minutes

AS_OF = datetime(2026, 3, 6, 18, tzinfo=UTC)
NEXT_DAY = DAY + timedelta(days=1)
SECOND_APP = "sidekick"  # of the reading client
DAYS = ("2026-03-03", "2026-03-04", "2026-03-05")

Explain = Callable[..., dict[str, Any]]


def reading_events(client_id: str) -> list[Row]:
    """Ann's quiz of five questions, graded twice, and XP that was corrected; a late night."""
    quiz = {"object_ref": "quiz", "object_type": "Assessment", "assignable_ref": "quiz"}
    lesson = {"course_ref": f"{client_id}-course", "lesson_ref": f"{client_id}-1"}
    seat = {"client_id": client_id, "session_ref": "s1"}
    sent = {**seat, **lesson}
    answers = [
        trap.item(
            f"i{number}",
            DAY + minutes(2 + number),
            "Completed",
            object_ref=f"q{number}",
            object_part_ref="quiz",
            attempt_part_ref="a1",
            is_correct=number != 3,
            **sent,
        )
        for number in range(5)
    ]
    graded = {"score_type": None, "max_score": 10.0, **sent}

    def quizzed(event_id: str, action: str, at: datetime) -> Row:
        columns = {**quiz, **sent, "attempt_ref": "a1", "generated_ref": "a1"}
        return trap.event(
            event_id, "AssessmentEvent", action, at, generated_type="Attempt", **columns
        )

    return [
        trap.session("in", "LoggedIn", DAY, **seat),
        trap.view("view", DAY + minutes(1), **sent),
        quizzed("begin", "Started", DAY + minutes(1.5)),
        *answers,
        quizzed("end", "Submitted", DAY + minutes(7)),
        trap.xp("grade", DAY + minutes(8), 7, "a1", **graded),
        trap.xp("regrade", DAY + minutes(9), 9, "a1", **graded),
        trap.xp("award", DAY + minutes(9), 130, "a1", **sent),
        trap.xp("correction", DAY + minutes(10), 20, "a1", **sent),
        trap.xp("penalty", DAY + minutes(11), -2, "a2", **sent),
        trap.view("view", DAY + minutes(1), **sent),  # the same again
        trap.view("view", DAY + minutes(1), object_name="Other", **sent),  # and with other content
        trap.view("lost", DAY + minutes(5), **(sent | {"lesson_ref": "nowhere"})),
        trap.view("aside", DAY + minutes(20), client_id=client_id, app_ref=SECOND_APP, **lesson),
        trap.session("out", "LoggedOut", DAY + minutes(40), **seat),  # 29 minutes of silence
        *(
            trap.view(f"night-{number}", NIGHT + minutes(8 * number), client_id=client_id, **lesson)
            for number in range(3)
        ),
        trap.view("next", NEXT_DAY + minutes(20), client_id=client_id, **lesson),
        trap.xp(
            "url",
            NIGHT,
            3,
            "a3",
            student_ref="https://id.example/users/ann",
            client_id=client_id,
            **lesson,
        ),
    ]


def maths_events(client_id: str) -> list[Row]:
    """Ann's maths at the same time; Ben's XP in a course where he has no enrollment.

    On the next day an hour that its one event states, amid which Ann does reading.
    """
    sent = {
        "client_id": client_id,
        "course_ref": f"{client_id}-course",
        "lesson_ref": f"{client_id}-1",
    }
    return [
        trap.view("m1", DAY + minutes(3), **sent),
        trap.item("m2", DAY + minutes(9), "Completed", is_correct=True, **sent),
        trap.xp("m3", DAY + minutes(9.5), 4.25, "m-a1", **sent),
        trap.view("hour", NEXT_DAY + minutes(60), duration_seconds=3600.0, **sent),
        trap.xp("pending", DAY, 5, "p", student_ref="ben", **sent),
    ]


def roster(reading: str, maths: str) -> list[Row]:
    """One school; Ann in both courses, with a goal of her own in reading; Ben in reading."""
    goal = {"metadata": {"goals": {"dailyXp": 50}}}
    place = {"name": "School", "type": "school", "metadata": {"timezone": "America/Chicago"}}
    enrolled = trap.enrollment("ann", reading)
    return [
        trap.record("org", "school", place),
        trap.user("ann"),
        trap.user("ben"),
        *trap.course(reading),
        *trap.course(maths),
        {**enrolled, "payload": {**enrolled["payload"], **goal}},
        trap.enrollment("ann", maths),
        trap.enrollment("ben", reading),
    ]


@pytest.fixture(scope="package")
def taught(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """The install, after one build."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("taught") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        made = [
            create_client(connection, "Reading Co", mode="production"),
            create_client(connection, "Maths Co", mode="production"),
            create_client(connection, "Tryout Co", mode="testing"),
            create_client(connection, "Alpha", mode="admin"),
        ]
        partners = people.Partners(*(new.client.client_id for new in made))
        rows = roster(partners.reading, partners.maths)
        trap.register(connection, rows)
    warehouse = Warehouse(settings)
    warehouse.load([*reading_events(partners.reading), *maths_events(partners.maths)], rows)
    warehouse.build(as_of=AS_OF)
    warehouse.close()
    with open_context(settings) as context:
        yield School(settings, context, partners)


@pytest.fixture(scope="package")
def explain(taught: School) -> Explain:
    """Read an explanation as someone: `explain("alpha", "xp", studentId="ann", date=…)`."""
    visit = receive(taught)

    def read(who: str, fact: str, **parameters: str) -> dict[str, Any]:
        answer = visit(who).get(f"/explain/1.0/{fact}", params=parameters)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return read


def figure(explanation: Mapping[str, Any], name: str) -> Any:
    """The value of one of its figures."""
    (found,) = (one["value"] for one in explanation["figures"] if one["name"] == name)
    return found


def summed(explanation: Mapping[str, Any], name: str) -> float:
    """What all rows of all steps add to a figure."""
    rows = (row for step in explanation["steps"] for row in step["rows"])
    return sum(float(row["amounts"].get(name, 0)) for row in rows)


def payloads(explanation: Mapping[str, Any]) -> dict[str, str]:
    """The events as sent, by id."""
    return {event["id"]: event["payload"] for event in explanation["events"]}

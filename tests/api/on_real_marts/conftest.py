"""Ann's morning in one app, from raw events through dbt to marts: views, questions, XP, time."""

from collections.abc import Iterator

import psycopg
import pytest

from core.access import ClientMode
from core.context import open_context
from core.identity.clients import create_client
from core.settings import Settings
from tests.api import people
from tests.api.conftest import School
from tests.conftest import make_settings
from tests.warehouse import trap_school as trap
from tests.warehouse.conftest import Warehouse


def build(settings: Settings) -> people.Partners:
    """Publish Ann's morning on a prepared install; returns the clients."""
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
        trap.register(connection, rows)
    of_client = {"client_id": client_id, "session_ref": "s"}
    place = {"course_ref": f"{client_id}-course", "lesson_ref": f"{client_id}-1"}
    start = trap.DAY
    events = [
        trap.session("in", "LoggedIn", start, **of_client),
        trap.view("view", start + trap.minutes(1), **of_client, **place),
        trap.item(
            "item",
            start + trap.minutes(5),
            "Completed",
            **of_client,
            **place,
            score_given=1.0,
            max_score=1.0,
        ),
        trap.event(
            "begin",
            "AssignableEvent",
            "Started",
            start + trap.minutes(2),
            **of_client,
            **place,
            object_ref="set",
        ),
        trap.event(
            "quiz",
            "AssessmentEvent",
            "Started",
            start + trap.minutes(4),
            **of_client,
            **place,
            object_ref="quiz",
        ),
        trap.event(
            "done",
            "AssessmentEvent",
            "Submitted",
            start + trap.minutes(7),
            **of_client,
            **place,
            object_ref="quiz",
        ),
        trap.xp("xp", start + trap.minutes(8), 12, "attempt", **of_client, **place),
        trap.view("lost", start, **of_client, **(place | {"lesson_ref": "nowhere"})),
        trap.session("out", "LoggedOut", start + trap.minutes(10), **of_client),
    ]
    warehouse = Warehouse(settings)
    warehouse.load(events, rows)
    warehouse.build()
    warehouse.close()
    return partners


@pytest.fixture(scope="session")
def real_school(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """An install whose marts dbt built, for every test that only reads."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("real") / "data")
    partners = build(settings)
    with open_context(settings) as context:
        yield School(settings, context, partners)

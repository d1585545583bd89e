"""On marts that dbt built: what other apps do, and who else there is, changes no partner's answer.

The reading app's answers on every read route are kept, byte for byte. Then the maths app sends a
morning of events about the students whom both teach, on the same clock; a class of its own is
enrolled; and a student about whom the reading app sent events, unknown until then, turns out to be
there, enrolled with maths alone. After the next build every answer must be the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from core.cli.server import create_app
from core.context import Context, open_context
from core.identity.clients import create_client, find_client
from core.identity.tokens import issue_to_client
from core.settings import Settings
from tests.conftest import make_settings
from tests.matrix import routes
from tests.warehouse import trap_school as trap
from tests.warehouse.conftest import Warehouse

pytestmark = pytest.mark.timeout(600)  # two builds
SCOPES = ["roster.readonly", "events.readonly"]
OF_THE_BUILD = re.compile(
    r'"(build_id|as_of|requestId|publishedAt|ageSeconds|isStale|buildNumber)":[^,}]*'
)
DAYS = "startDate=2026-03-01&endDate=2026-03-31"
DATE = "date=2026-03-03"


@dataclass(frozen=True)
class Install:
    """An install with two partners."""

    settings: Settings
    warehouse: Warehouse
    reading: str
    maths: str

    def land(self, *rows: trap.Row) -> None:
        """Write records to the registry and to the lake."""
        assert self.settings.database_url is not None
        with psycopg.connect(self.settings.database_url) as connection:
            trap.register(connection, rows)
        self.warehouse.load(records=rows)


@pytest.fixture(scope="module")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    settings = make_settings(server_url, tmp_path_factory.mktemp("learns") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        reading, maths = (
            create_client(connection, name, mode="production").client.client_id
            for name in ("Reading Co", "Maths Co")
        )
    warehouse = Warehouse(settings)
    yield Install(settings, warehouse, reading, maths)
    warehouse.close()


def morning(client_id: str, student: str, shift: float, mark: str, **more: Any) -> list[trap.Row]:
    """A login, a view, questions right and wrong, a graded quiz and XP, and a logout."""
    of_client = {"client_id": client_id, "session_ref": f"s-{mark}", "student_ref": student}
    place = {"course_ref": f"{client_id}-course", "lesson_ref": f"{client_id}-1"}
    both = {**of_client, **place}
    quiz = {"object_ref": "quiz", "attempt_part_ref": f"try-{mark}", **both}

    def at(minutes: float) -> Any:
        return trap.DAY + trap.minutes(minutes + shift)

    answers = [
        trap.item(
            f"{mark}-q{number}",
            at(3 + number),
            "Completed",
            **both,
            object_ref=f"q{number}",
            attempt_part_ref=f"try-{mark}",
            score_given=float(number % 3 > 0),
            max_score=1.0,
        )
        for number in range(6)
    ]
    return [
        trap.session(f"{mark}-in", "LoggedIn", at(0), **of_client),
        trap.view(f"{mark}-view", at(1), **both),
        trap.event(f"{mark}-begin", "AssignableEvent", "Started", at(2), object_ref="set", **both),
        *answers,
        trap.event(f"{mark}-quiz", "AssessmentEvent", "Submitted", at(10), **quiz, **more),
        trap.xp(f"{mark}-xp", at(11), 9, f"try-{mark}", **both),
        trap.session(f"{mark}-out", "LoggedOut", at(12), **of_client),
    ]


def paths_of(client: TestClient) -> list[str]:
    """Every read route with ids that the partner knows, from its own answers."""
    results = client.get("/gradebook/1.0/assessment-results").json()["assessmentResults"]
    lines = client.get("/gradebook/1.0/lineItems").json()["lineItems"]
    sessions = client.get("/insights/1.0/users/ann/sessions").json()["sessions"]
    entries = client.get("/xp/1.0/users/ann/entries").json()["entries"]
    events = client.get("/events/1.0?limit=100").json()["events"]
    course = client.get("/rostering/1.0/courses").json()["courses"][0]["sourcedId"]
    lesson = course.replace("-course", "-1")
    found = [f"{routes.ROSTER}/{name}" for name in routes.COLLECTIONS]
    found += [f"{routes.ROSTER}/courses/components", routes.RESOURCES]
    found += [
        f"{routes.ROSTER}/{outer}/{known}/{inner}"
        for outer, inner in routes.WITHIN
        for known in (
            {
                "courses": course,
                "classes": course.replace("course", "class"),
                "schools": "school",
                "units": course.replace("course", "unit"),
            }.get(outer, "ann"),
        )
    ]
    for student in ("ann", "zed", "amy"):
        found += [
            f"/xp/1.0/users/{student}/entries",
            f"/xp/1.0/users/{student}/summary?{DAYS}",
            f"/xp/1.0/users/{student}/summary?{DAYS}&timezone=Asia/Tokyo",
            f"/analytics/1.0/activity?studentId={student}&{DAYS}",
            f"/analytics/1.0/activity?studentId={student}&{DAYS}&timezone=Asia/Tokyo",
            f"/analytics/1.0/activity?email={student}@school.example",
            f"/analytics/1.0/facts/weekly?studentId={student}&weekDate=2026-03-03",
            f"/analytics/1.0/facts?studentId={student}",
            f"/insights/1.0/users/{student}?{DAYS}",
            f"/analytics/1.0/facts?studentId={student}&timezone=Asia/Tokyo",
            f"/insights/1.0/users/{student}?{DAYS}&timezone=Asia/Tokyo",
            f"/insights/1.0/users/{student}/overview?timezone=Asia/Tokyo",
            f"/insights/1.0/users/{student}/overview",
            f"/insights/1.0/users/{student}/sessions",
            f"/mastery/1.0/users/{student}/lessons",
            f"{routes.ROSTER}/users/{student}",
            f"/gradebook/1.0/results?studentId={student}",
            f"/explain/1.0/xp?studentId={student}&{DATE}",
            f"/explain/1.0/minutes?studentId={student}&{DATE}",
            f"/explain/1.0/goal?studentId={student}&{DATE}",
            f"/explain/1.0/mastery?studentId={student}&lessonId={lesson}",
            f"/reports/1.0/students/{student}",
        ]
    found += [listed.ask for listed in routes.LISTED.values()]
    found += [f"/events/1.0?status={status}" for status in ("quarantined", "accepted")]
    found += [*routes.REPORTS, f"/mastery/1.0/lessons/{lesson}/students"]
    for result in results:
        found += [
            f"/gradebook/1.0/results/{result['sourcedId']}",
            f"/explain/1.0/result/{result['sourcedId']}",
        ]
    found += [f"/gradebook/1.0/lineItems/{line['sourcedId']}" for line in lines]
    for session in sessions:
        name = session["sessionId"]
        found += [f"/insights/1.0/sessions/{name}", f"/explain/1.0/session/{name}"]
    found += [f"/explain/1.0/xp-entry/{entry['id']}" for entry in entries]
    for event in [*events[:3], *(event for event in events if event["id"].startswith("zed"))][:9]:
        found += [
            f"/events/1.0/{event['id']}",
            f"/explain/1.0/event/{event['id']}",
            f"/events/1.0/receipts/{event['receiptId']}",
            f"/events/1.0/receipts/{event['receiptId']}/{event['index']}",
        ]
    return list(dict.fromkeys(found))


def answer(client: TestClient, path: str, accept: str = "application/json") -> tuple[Any, ...]:
    """Status, totals and bytes of an answer, without what names its build."""
    found = client.get(path, headers={"Accept": accept})
    total = found.headers.get("X-Total-Count")
    body = OF_THE_BUILD.sub("", found.text)
    links = re.sub(r"build=\w+", "", found.headers.get("Link", ""))
    return found.status_code, total, links, body


def visitor(install: Install, context: Context, client_id: str) -> TestClient:
    app = create_app(install.settings, context=context)
    app.state.context = context
    assert install.settings.database_url is not None
    with psycopg.connect(install.settings.database_url) as connection:
        client = find_client(connection, client_id)
    assert client is not None
    token = issue_to_client(
        context.keyring, client, SCOPES, issuer=install.settings.origin, seconds=900
    ).access_token
    return TestClient(app, headers={"Authorization": f"Bearer {token}"}, follow_redirects=False)


def test_every_answer_stays_the_same_whatever_others_do(install: Install) -> None:
    reading, maths = install.reading, install.maths
    school = {"name": "School", "type": "school", "metadata": {"timezone": "America/Chicago"}}
    install.land(
        trap.record("org", "school", school),
        *(trap.user(student) for student in ("ann", "ben")),
        *trap.course(reading),
        *trap.course(maths),
        *(trap.enrollment(student, reading) for student in ("ann", "ben")),
        trap.enrollment("ann", maths),
    )
    install.warehouse.load(
        [
            *morning(reading, "ann", 0, "ann"),
            *morning(reading, "ben", 5, "ben"),
            *morning(reading, "zed", 9, "zed", object_name="A quiz by another name"),
        ]
    )
    install.warehouse.build()
    with open_context(install.settings) as context:
        client = visitor(install, context, reading)
        paths = paths_of(client)
        assert len(paths) > 120
        before = {path: answer(client, path) for path in paths}
        listed = [path for path in paths if path.split("?")[0] in routes.LISTED]
        tables = {path: answer(client, path, "text/csv") for path in listed}
        sums = client.get("/gradebook/1.0/items").json()
        assert sums["total"] == 6
        assert {row["responseCount"] for row in sums["items"]} == {2}  # of ann and ben, not of zed

        install.land(
            *(trap.user(student) for student in ("zed", "amy")),
            *(trap.enrollment(student, maths) for student in ("zed", "amy", "ben")),
        )
        install.warehouse.load(
            [
                *morning(maths, "ann", 4, "m-ann"),
                *morning(maths, "amy", 2, "m-amy"),
                *morning(maths, "ben", 6, "m-ben"),
                *morning(maths, "zed", 6, "m-zed"),
            ]
        )
        install.warehouse.build()
        context.lake.refresh()
        after = {path: answer(client, path) for path in paths}
        assert [path for path in paths if after[path] != before[path]] == []
        changed = [path for path in listed if answer(client, path, "text/csv") != tables[path]]
        assert changed == []
        staff = visitor(install, context, maths).get("/gradebook/1.0/items").json()
        assert {row["responseCount"] for row in staff["items"]} == {4}  # what was sent is there
        assert "student_not_enrolled" in before["/events/1.0?status=quarantined"][-1]

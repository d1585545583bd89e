"""The partners' page, played: from a token to what the events became."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from core.builds.build import Builder
from core.identity import clients
from core.settings import Settings
from ingest.loader import Loader
from tests.conftest import make_settings
from tests.ingest.samples import grade_event
from tests.journeys.test_kill_api import Service, free_port

PAGE = Path(__file__).parents[2] / "docs" / "partners.md"


@pytest.fixture(scope="module")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = make_settings(server_url, tmp_path_factory.mktemp("journey") / "data")
    return settings.model_copy(update={"port": free_port()})


@pytest.fixture(scope="module")
def api(install: Settings) -> Iterator[str]:
    service = Service(install, "api")
    yield install.origin
    service.kill()


def make_partner(install: Settings, name: str) -> dict[str, str]:
    with psycopg.connect(str(install.database_url)) as connection:
        new = clients.create_client(connection, name)
    return {"CLIENT_ID": new.client.client_id, "CLIENT_SECRET": new.client_secret}


def make_figures(install: Settings) -> None:
    with Loader(install) as loader:
        loader.drain()
    with Builder(install).open() as builder:
        builder.build()


def script_of_the_page(origin: str) -> tuple[str, str]:
    """The partner page's shell code: what writes, and what reads back."""
    code = re.search(r"```sh\n(.*?)```", PAGE.read_text(), re.S)
    assert code is not None
    script = code.group(1).replace("http://127.0.0.1:8000", origin)
    setup = script.split("# 1.")[0]
    write, read = script.split("# 4.")
    return "set -eu\n" + write, "set -eu\n" + setup + "# " + read


def run(script: str, credentials: dict[str, str]) -> list[Any]:
    """Run a script with bash; every line that it prints is JSON."""
    done = subprocess.run(
        ["bash", "-c", script.replace("curl -s ", "curl -s -w '\\n' ")],
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", **credentials},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def test_the_page_takes_a_partner_from_token_to_read_back(install: Settings, api: str) -> None:
    write, read = script_of_the_page(api)
    credentials = make_partner(install, "Reading Rocket")
    written = run(write, credentials)
    assert written[0]["course"]["title"] == "Math 5"
    assert written[-1]["accepted"] == 1
    assert written[-1]["events"][0]["status"] == "queued"

    make_figures(install)
    answers = run(read, credentials)
    while answers[0].get("status") == 503:  # the API has not yet moved to its first build
        answers = run(read, credentials)
    entries, activity, insights, results, mastery, verdict = answers
    assert [(entry["value"], entry["status"]) for entry in entries["entries"]] == [(12, "credited")]
    assert entries["entries"][0]["enrollmentId"] == "ada-math-5"
    (day,) = activity["facts"].values()
    assert day["Math"]["activityMetrics"]["xpEarned"] == 12
    assert insights["userId"] == "ada"
    assert len(results["assessmentResults"]) == 1
    assert [lesson["lessonId"] for lesson in mastery["lessons"]] == ["math-5-u1-l1"]
    assert verdict["event"]["status"] == "accepted"


@contextmanager
def open_client(api: str, credentials: dict[str, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api, timeout=30) as http:
        auth = (credentials["CLIENT_ID"], credentials["CLIENT_SECRET"])
        form = {"grant_type": "client_credentials"}
        token = http.post("/auth/1.0/token", data=form, auth=auth).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


def wait_for_newer_build(http: httpx.Client, path: str, build_id: str | None) -> Any:
    """The answer of the first build after the one named."""
    while True:
        answer = http.get(path)
        if answer.status_code != 503 and answer.json().get("build_id") != build_id:
            return answer.json()
        time.sleep(0.1)


def test_an_event_for_an_unknown_lesson_heals_when_the_lesson_lands(
    install: Settings, api: str
) -> None:
    with open_client(api, make_partner(install, "Late Lessons")) as http:
        course = {"sourcedId": "sci"}
        http.put("/rostering/1.0/courses/sci", json={"title": "Science", "subjects": ["Science"]})
        http.put("/rostering/1.0/units/sci-1", json={"title": "U", "course": course})
        http.put("/rostering/1.0/users/bo", json={"givenName": "Bo", "familyName": "Test"})
        http.put(
            "/rostering/1.0/classes/sci-a", json={"title": "A", "course": {"sourcedId": "sci"}}
        )
        membership = {"user": {"sourcedId": "bo"}, "class": {"sourcedId": "sci-a"}}
        http.put("/rostering/1.0/enrollments/bo-sci", json=membership)
        event = grade_event(
            1,
            "urn:uuid:5b9f6f2e-0000-4000-8000-000000000001",
            actor={"id": "bo", "type": "Person"},
            extensions={"course": {"id": "sci"}, "lesson": {"id": "sci-1-1"}},
        )
        assert http.post("/events/1.0/", json=event).json()["accepted"] == 1
        verdict = "/events/1.0/5b9f6f2e-0000-4000-8000-000000000001"
        before = http.get(verdict).json()
        assert before["event"]["status"] == "pending"

        make_figures(install)
        waiting = wait_for_newer_build(http, verdict, before["build_id"])
        assert (waiting["event"]["status"], waiting["event"]["reason"]) == (
            "quarantined",
            "unknown_lesson",
        )
        assert "PUT /rostering/1.0/lessons" in waiting["event"]["mend"]
        listed = http.get("/events/1.0?status=quarantined").json()["events"]
        assert [one["mend"] for one in listed] == [waiting["event"]["mend"]]
        assert http.get("/xp/1.0/users/bo/entries").json()["entries"] == []

        lesson = {"title": "Rocks", "unit": {"sourcedId": "sci-1"}}
        assert http.put("/rostering/1.0/lessons/sci-1-1", json=lesson).status_code == 201
        make_figures(install)
        healed = wait_for_newer_build(http, verdict, waiting["build_id"])
        assert healed["event"]["status"] == "accepted"
        (entry,) = http.get("/xp/1.0/users/bo/entries").json()["entries"]
        assert (entry["value"], entry["lessonId"], entry["status"]) == (1, "sci-1-1", "credited")
        assert entry["localDate"] < entry["restatedAt"][:10]  # a past day: it says so
        assert healed["event"]["made"]["ledgerEntries"] == [entry["id"]]

        day = {"studentId": "bo", "date": entry["localDate"]}
        told = http.get("/explain/1.0/xp", params=day).json()
        assert [(one["name"], one["value"]) for one in told["figures"]] == [("xpEarned", 1)]
        assert entry["id"] in [row["id"] for step in told["steps"] for row in step["rows"]]
        (sent,) = told["events"]
        assert (sent["id"], sent["status"]) == (healed["event"]["id"], "accepted")
        assert json.loads(sent["payload"]) == event


def test_another_partner_sees_nothing_of_it(install: Settings, api: str) -> None:
    other = make_partner(install, "Math Mountain")
    with open_client(api, other) as http:
        absent = (
            "/xp/1.0/users/ada/entries",
            "/analytics/1.0/activity?studentId=ada",
            "/insights/1.0/users/ada",
            "/mastery/1.0/users/ada/lessons",
            "/rostering/1.0/users/ada",
            "/rostering/1.0/courses/math-5",
            "/rostering/1.0/lessons/math-5-u1-l1",
            "/rostering/1.0/enrollments/ada-math-5",
            "/events/1.0/0b7f3d0e-5a52-4c7b-9a51-6a3f4d0c1a01",
        )
        assert {path: http.get(path).status_code for path in absent} == dict.fromkeys(absent, 404)
        assert http.get("/gradebook/1.0/assessment-results").json()["assessmentResults"] == []
        assert http.get("/rostering/1.0/courses").json()["total"] == 0
        taken = http.put("/rostering/1.0/courses/math-5", json={"title": "Mine"})
        assert taken.status_code == 409
        assert taken.json()["type"] == "urn:timeback:error:sourced_id_unavailable"

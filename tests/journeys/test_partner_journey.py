"""The README's partner page, played: from a token to what the events became."""

import json
import re
import subprocess
from collections.abc import Iterator
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
from tests.journeys.test_kill_api import Service, free_port

README = Path(__file__).parents[2] / "README.md"


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


def readme_script(origin: str) -> tuple[str, str]:
    """The partner page's shell code: what writes, and what reads back."""
    page = README.read_text().split("## For partners")[1]
    code = re.search(r"```sh\n(.*?)```", page, re.S)
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
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def test_the_readme_takes_a_partner_from_token_to_read_back(install: Settings, api: str) -> None:
    write, read = readme_script(api)
    credentials = make_partner(install, "Reading Rocket")
    written = run(write, credentials)
    assert written[0]["course"]["title"] == "Math 5"
    assert written[-1]["accepted"] == 1
    assert written[-1]["events"][0]["status"] == "queued"

    make_figures(install)
    answers = run(read, credentials)
    while answers[0].get("status") == 503:  # the API has not yet moved to its first build
        answers = run(read, credentials)
    entries, activity, insights, results, verdict = answers
    assert [(entry["value"], entry["status"]) for entry in entries["entries"]] == [(12, "credited")]
    assert entries["entries"][0]["enrollmentId"] == "ada-math-5"
    (day,) = activity["facts"].values()
    assert day["Math"]["activityMetrics"]["xpEarned"] == 12
    assert insights["userId"] == "ada"
    assert len(results["assessmentResults"]) == 1
    assert verdict["event"]["status"] == "accepted"


def test_another_partner_sees_nothing_of_it(install: Settings, api: str) -> None:
    other = make_partner(install, "Math Mountain")
    with httpx.Client(base_url=api) as http:
        token = http.post(
            "/auth/1.0/token",
            data={"grant_type": "client_credentials"},
            auth=(other["CLIENT_ID"], other["CLIENT_SECRET"]),
        ).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
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

"""The bundle that `timeback partner create` writes, followed literally on a running API."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from typer.testing import CliRunner

from core.builds.build import Builder
from core.cli.main import app
from core.settings import Settings
from ingest.loader import Loader
from tests.conftest import make_settings
from tests.journeys import bundle
from tests.journeys.test_kill_api import Service, free_port

POSTS = 8  # six events, an envelope, the end-to-end test's
CALLBACK = "https://rocket.example.org/callback?from=timeback"


@pytest.fixture(scope="module")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = make_settings(server_url, tmp_path_factory.mktemp("bundle") / "data")
    return settings.model_copy(update={"port": free_port()})


@pytest.fixture(scope="module", autouse=True)
def _api(install: Settings) -> Iterator[None]:
    service = Service(install, "api")
    yield
    service.kill()


def make_bundle(install: Settings, name: str, *options: str) -> Path:
    folder = install.data_dir.parent / name
    environment = {
        "TIMEBACK_DATA_DIR": str(install.data_dir),
        "TIMEBACK_PORT": str(install.port),
        "TIMEBACK_DATABASE_URL": str(install.database_url),
    }
    arguments = ["partner", "create", f"The {name}", "--out", str(folder), *options]
    made = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture(scope="module")
def rocket(install: Settings) -> Path:
    return make_bundle(install, "rocket", "--redirect-uri", CALLBACK)


def wait_for_posts(install: Settings, shell: subprocess.Popen[str]) -> None:
    """Until the page has sent all of its events and waits for their verdict."""
    while shell.poll() is None:
        with psycopg.connect(str(install.database_url)) as connection:
            row = connection.execute("select count(*) from journal.requests").fetchone()
        if row == (POSTS,):
            return
        time.sleep(0.1)


def test_every_command_of_a_testing_partners_page_runs_as_written(
    install: Settings, rocket: Path
) -> None:
    with bundle.start(rocket) as shell:
        wait_for_posts(install, shell)
        if shell.poll() is None:
            with Loader(install) as loader:
                loader.drain()
            with Builder(install).open() as builder:
                builder.build()
        output, errors = shell.communicate(timeout=120)
    assert shell.returncode == 0, output[-2000:] + errors
    lines = output.splitlines()
    end = lines.index("The event is accepted.")
    assert lines[end + 1] == "XP: 17"
    entries, activity, insights, results, mastery, quarantined, courses = (
        json.loads(line) for line in lines[end + 2 :]
    )
    assert sorted(entry["value"] for entry in entries["entries"]) == [5, 12]
    assert {entry["status"] for entry in entries["entries"]} == {"credited"}
    (day,) = activity["facts"].values()
    measured = day["Math"]["activityMetrics"]
    assert (measured["xpEarned"], measured["totalQuestions"], measured["correctQuestions"]) == (
        17,
        1,
        1,
    )
    assert insights["userId"] == entries["entries"][0]["userId"]
    assert results["assessmentResults"]
    assert mastery["lessons"]
    assert quarantined["events"] == []
    assert courses["total"] == 1


def test_every_command_of_a_production_partners_page_runs_as_written(install: Settings) -> None:
    with bundle.start(make_bundle(install, "mountain", "--production")) as shell:
        output, errors = shell.communicate(timeout=60)
    assert shell.returncode == 0, output[-2000:] + errors
    assert "mountain" in output


def test_every_request_of_the_collection_is_answered_well(rocket: Path) -> None:
    secret = bundle.load(rocket, "credentials.json")["client_secret"]
    player = bundle.Player(bundle.load(rocket, "postman_collection.json"), secret)
    with httpx.Client(timeout=30) as http:
        answers = player.play(http)
    refused = {name: a.text for name, a in answers.items() if not a.is_success}
    assert refused == {}
    assert answers["The student earned 12 XP"].json()["accepted"] == 1


def test_files_are_private_and_only_one_holds_the_secrets(rocket: Path) -> None:
    assert rocket.stat().st_mode & 0o777 == 0o700
    credentials = rocket / "credentials.json"
    assert credentials.stat().st_mode & 0o777 == 0o600
    kept = bundle.load(rocket, "credentials.json")
    assert kept["login"]["redirect_uris"] == [CALLBACK]
    others = [file.read_text() for file in rocket.iterdir() if file != credentials]
    assert len(others) == 4
    for secret in (kept["client_secret"], kept["login"]["client_secret"]):
        assert not any(secret in text for text in others)


def test_the_reference_names_the_origin_and_every_endpoint(install: Settings, rocket: Path) -> None:
    reference = bundle.load(rocket, "openapi.json")
    assert reference["servers"] == [{"url": install.origin}]
    assert "post" in reference["paths"]["/events/1.0"]
    endpoints = bundle.load(rocket, "endpoints.json")
    served = httpx.get(endpoints["sign_in_with_timeback"]["jwks"])
    assert served.json()["keys"]
    assert endpoints["token_url"] == f"{install.origin}/auth/1.0/token"

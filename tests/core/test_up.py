"""`timeback up` waits as long as a build takes, says how far it is, and stops nothing else."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from core.builds import registry
from core.builds.registry import FailedBuild
from core.cli.supervisor import FAILURES_TOLD, Supervisor
from core.cli.up import has_build
from core.cli.waiting import BuildWatch, StoppedError, wait_for_answer, wait_for_build
from core.settings import Settings

PATIENCE_SECONDS = 30.0
FAILED = "agg_xp_is_conserved: 3 rows differ"


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; an error if it does not become so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@dataclass
class Waiting:
    """Someone who waits for the first build in a thread, and what they are shown and told."""

    url: str
    stopping: threading.Event = field(default_factory=threading.Event)
    shown: list[tuple[int, int | None, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def wait(self) -> None:
        watch = BuildWatch("Build", lambda *shown: self.shown.append(shown), self.told.append)
        try:
            wait_for_build(self.stopping, self.url, has_build, watch, self.told.append)
        except StoppedError:
            self.ended.append("stopped")
        else:
            self.ended.append("there")

    def until_shown(self, done: int, total: int | None, label: str) -> None:
        until(lambda: bool(self.shown) and self.shown[-1] == (done, total, label))


@pytest.fixture
def waiting(settings: Settings) -> Iterator[Waiting]:
    made = Waiting(str(settings.database_url))
    thread = threading.Thread(target=made.wait)
    thread.start()
    yield made
    made.stopping.set()
    thread.join(PATIENCE_SECONDS)


@pytest.fixture
def builds(settings: Settings) -> Iterator["Builds"]:
    with psycopg.connect(str(settings.database_url), autocommit=True) as connection:
        yield Builds(connection)


@dataclass
class Builds:
    """Writes the rows that a builder writes."""

    connection: psycopg.Connection[Any]

    def begin(self, build_id: str) -> None:
        self.connection.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of, source_snapshot)"
            " values (%s, 'running', true, now(), 1)",
            [build_id],
        )

    def progress(self, build_id: str, done: int, total: int, label: str) -> None:
        told = {"progress": {"done": done, "total": total, "label": label}}
        self.set(build_id, "running", told)

    def set(self, build_id: str, status: str, details: dict[str, Any]) -> None:
        self.connection.execute(
            "update publishing.builds set status = %s, details = %s, finished_at = now(),"
            " published_snapshot = 1 where build_id = %s",
            [status, Jsonb(details), build_id],
        )


def test_the_first_build_is_waited_for_through_failures_with_its_progress(
    waiting: Waiting, builds: Builds
) -> None:
    waiting.until_shown(0, None, "Build (waiting for a build)")
    builds.begin("one")
    waiting.until_shown(0, None, "Build (starting)")
    builds.progress("one", 30, 90, "fct_xp_ledger")
    waiting.until_shown(30, 90, "Build (fct_xp_ledger)")
    builds.set("one", "failed", {"failures": [FAILED, "and more"]})
    waiting.until_shown(0, None, "Build (waiting for a build)")
    assert waiting.told == [f"Build 1 failed: {FAILED}\nIt is tried again by itself."]
    builds.begin("two")
    builds.progress("two", 90, 90, "tests")
    waiting.until_shown(90, 90, "Build (tests)")
    builds.set("two", "running", {"nodes": 90})  # all is made, and is being published
    time.sleep(0.5)
    assert waiting.shown[-1] == (90, 90, "Build (tests)")
    assert waiting.ended == []
    builds.set("two", "published", {})
    until(lambda: waiting.ended == ["there"])
    assert waiting.shown[-1] == (1, 1, "Build (published)")
    assert len(waiting.told) == 1


def test_a_build_that_was_cut_off_is_told_with_that_reason(
    waiting: Waiting, builds: Builds
) -> None:
    builds.begin("one")
    builds.set("one", "failed", {"error": "cut off"})
    until(lambda: len(waiting.told) == 1)
    assert waiting.told == ["Build 1 failed: cut off\nIt is tried again by itself."]


def test_waiting_ends_at_once_when_the_person_stops_it(waiting: Waiting) -> None:
    until(lambda: bool(waiting.shown))
    began = time.monotonic()
    waiting.stopping.set()
    until(lambda: waiting.ended == ["stopped"])
    assert time.monotonic() - began < 2


def test_waiting_goes_on_when_postgresql_cuts_the_connection(
    waiting: Waiting, builds: Builds
) -> None:
    until(lambda: bool(waiting.shown))
    builds.connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    builds.begin("one")
    builds.set("one", "published", {})
    until(lambda: waiting.ended == ["there"])
    assert [words.startswith("PostgreSQL cannot be reached") for words in waiting.told] == [True]


def test_failures_count_until_a_build_is_published(builds: Builds) -> None:
    assert registry.last_failure(builds.connection) is None
    assert registry.running(builds.connection) is None
    builds.begin("one")
    builds.progress("one", 1, 3, "stg_events")
    running = registry.running(builds.connection)
    assert running is not None
    assert running.percent == 33
    builds.set("one", "failed", {"failures": [FAILED]})
    assert registry.last_failure(builds.connection) == FailedBuild(1, FAILED)
    builds.begin("two")
    builds.set("two", "published", {})
    assert registry.last_failure(builds.connection) is None


class Healthy(BaseHTTPRequestHandler):
    """Answers every GET."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


def test_a_process_is_waited_for_until_it_answers(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Healthy, bind_and_activate=False)
    server.server_bind()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    told: list[str] = []
    waits = threading.Thread(
        target=wait_for_answer,
        args=(threading.Event(), url, "The API", tmp_path / "api.log", told.append),
    )
    waits.start()
    time.sleep(0.5)
    assert waits.is_alive()
    server.server_activate()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    waits.join(PATIENCE_SECONDS)
    assert not waits.is_alive()
    assert told == []
    server.shutdown()
    server.server_close()


def test_a_process_that_ends_again_and_again_is_told_with_its_log_and_the_rest_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor({})
    broken = "print('no disk is left'); raise SystemExit(3)"
    supervisor.start("broken", [sys.executable, "-c", broken], tmp_path / "broken.log")
    sleeps = "import time; time.sleep(600)"
    supervisor.start("works", [sys.executable, "-c", sleeps], tmp_path / "works.log")
    supervisor.watch()
    until(lambda: supervisor.processes[0].failures > FAILURES_TOLD)
    works = supervisor.processes[1]
    assert works.running is not None
    assert works.running.poll() is None
    supervisor.stop()
    words = capfd.readouterr().err
    assert words.count("broken ended (exit code 3); starting again in") == FAILURES_TOLD - 1
    assert words.count(f"broken ended {FAILURES_TOLD} times in a row (exit code 3)") == 1
    assert "  no disk is left\n" in words
    assert "works" not in words

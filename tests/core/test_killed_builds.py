"""A build that is killed, whenever it is, is as if it had never been, or is there as a whole."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from core.builds import proof, registry
from core.builds.build import Builder
from core.builds.reader import LakeReader
from core.settings import Settings
from ingest.loader import Loader
from tests.conftest import make_settings
from tests.core.killed import POINTS
from tests.ingest.samples import envelope, grade_event
from tests.ingest.test_loader import append

pytestmark = pytest.mark.timeout(600)
EVENTS = 3  # of each load
# The builds that the next builder has only left to publish; readers of the last know it already.
MADE = (
    "once the warehouse has it",
    "in the midst of publishing",
    "once the lake has it",
    "before readers are told",
    "once readers are told",
)


class Install:
    """An install whose builds are killed, one after the other."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = str(settings.database_url)
        self.sent = 0

    def load(self) -> None:
        """A few more events."""
        numbers = range(self.sent, self.sent + EVENTS)
        append(self.settings, [envelope([grade_event(number) for number in numbers])], EVENTS)
        with Loader(self.settings) as loader:
            loader.drain()
        self.sent += EVENTS

    def kill_a_build(self, point: str) -> None:
        """Let a process build until that point."""
        environment = os.environ | {
            "TIMEBACK_DATA_DIR": str(self.settings.data_dir),
            "TIMEBACK_DATABASE_URL": self.url,
        }
        command = [sys.executable, "-m", "tests.core.killed", point]
        assert subprocess.run(command, env=environment).returncode == -signal.SIGKILL

    def latest(self) -> registry.Build:
        """The newest published build."""
        with psycopg.connect(self.url) as connection:
            build = registry.latest(connection)
        assert build is not None
        return build


@pytest.fixture(scope="module")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """One published build; after all that happens to it, a proof."""
    made = Install(make_settings(server_url, tmp_path_factory.mktemp("killed") / "data"))
    made.load()
    with Builder(made.settings).open() as builder:
        builder.build()
    yield made
    found = proof.prove(made.settings, made.url, lambda *_: None)
    assert [table.table for table in found.tables if not table.is_equal] == []


def figures(reader: LakeReader) -> tuple[str, int, int]:
    """The build that a reader sees, and its events by two marts, one derived from the other."""
    with reader.lease() as lease:
        (counts,) = lease.rows(
            "select (select count(*) from marts.fct_event_verdicts) as verdicts,"
            " (select sum(event_count)::bigint from marts.agg_client_day__verdicts) as by_day"
        )
        return lease.build.build_id, counts["verdicts"], counts["by_day"]


@contextmanager
def polling(reader: LakeReader) -> Iterator[set[tuple[str, int, int]]]:
    """All that a reader sees who never stops looking."""
    done = threading.Event()
    seen, failures = set[tuple[str, int, int]](), list[Exception]()

    def go_on() -> None:
        while not done.is_set():
            try:
                seen.add(figures(reader))
            except Exception as error:  # whatever it is, the reader failed
                failures.append(error)
            time.sleep(0.02)

    worker = threading.Thread(target=go_on)
    worker.start()
    try:
        yield seen
    finally:
        done.set()
        worker.join()
    assert failures == []


@pytest.mark.parametrize("point", POINTS)
def test_readers_see_the_former_build_or_the_new_one_and_the_next_goes_on(
    install: Install, point: str
) -> None:
    former, counted = install.latest(), install.sent
    install.load()
    with LakeReader(install.settings, install.url) as reader, polling(reader) as seen:
        install.kill_a_build(point)
        killed_is_published = install.latest() != former
        assert killed_is_published == (point == "once readers are told")
        with Builder(install.settings).open() as builder:
            finished = install.latest()
            assert (finished != former) == (point in MADE)
            install.load()
            result = builder.build()
            assert not result.full_refresh  # nothing is made twice
        reader.refresh()
        assert figures(reader) == (result.build_id, install.sent, install.sent)
    builds = {
        former.build_id: counted,
        finished.build_id: install.sent - EVENTS if finished != former else counted,
        result.build_id: install.sent,
    }
    assert {(build_id, count, count) for build_id, count in builds.items()} >= seen


@pytest.mark.parametrize("loss", ["lost", "of another time", "not a database"])
def test_a_warehouse_that_is_lost_or_doubtful_is_made_anew(
    install: Install, tmp_path: Path, loss: str
) -> None:
    path = install.settings.root / "dbt" / "warehouse.duckdb"
    older = tmp_path / "older.duckdb"
    older.write_bytes(path.read_bytes())
    install.load()
    with Builder(install.settings).open() as builder:
        builder.build()
    match loss:
        case "lost":
            path.unlink()
        case "of another time":
            older.replace(path)
        case "not a database":
            path.write_bytes(b"never was one" * 1000)
    with Builder(install.settings).open() as builder:
        assert builder.build().full_refresh
        install.load()
        assert not builder.build().full_refresh
    with LakeReader(install.settings, install.url) as reader:
        assert figures(reader)[1:] == (install.sent, install.sent)

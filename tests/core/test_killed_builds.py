"""A build that is killed, whenever it is, is as if it had never been."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.builds import proof, registry
from core.builds.build import Builder
from core.builds.reader import LakeReader
from core.settings import Settings
from ingest.loader import Loader
from tests.conftest import make_settings
from tests.ingest.samples import envelope, grade_event
from tests.ingest.test_loader import append

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]  # four killed builds, three whole ones
Connection = psycopg.Connection[Any]
KILLS = 3
SMALL = 3  # commits that a small build makes at least


@pytest.fixture
def built(server_url: str, tmp_path: Path) -> Settings:
    """An install with a few loaded events and one published build."""
    settings = make_settings(server_url, tmp_path / "data")
    load_events(settings, range(5))
    with Builder(settings).open() as builder:
        builder.build()
    return settings


def load_events(settings: Settings, numbers: range) -> None:
    append(settings, [envelope([grade_event(number) for number in numbers])], len(numbers))
    with Loader(settings) as loader:
        loader.drain()


def commits(database: Connection) -> int:
    """The lake's newest commit."""
    row = database.execute("select max(snapshot_id) from ducklake.ducklake_snapshot").fetchone()
    return int(row[0]) if row else 0


def statuses(database: Connection) -> list[str]:
    """What became of each build, oldest first."""
    rows = database.execute("select status from publishing.builds order by build_number")
    return [status for (status,) in rows]


def kill_a_build(settings: Settings, database: Connection, after_commits: int) -> None:
    """Start the build loop in a process of its own and kill it at that commit of its build."""
    before, builds = commits(database), len(statuses(database))
    environment = os.environ | {
        "TIMEBACK_DATA_DIR": str(settings.data_dir),
        "TIMEBACK_DATABASE_URL": str(settings.database_url),
    }
    process = subprocess.Popen([sys.executable, "-m", "core.cli", "run", "builds"], env=environment)
    try:
        while len(statuses(database)) == builds:
            assert process.poll() is None
            time.sleep(0.01)
        while commits(database) < before + after_commits:
            assert statuses(database)[-1] == "running"
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


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


def test_readers_stay_on_the_last_build_and_the_next_one_is_right(built: Settings) -> None:
    url, chance = str(built.database_url), random.Random(1)
    with psycopg.connect(url, autocommit=True) as database, LakeReader(built, url) as reader:
        first = registry.latest(database)
        assert first is not None
        full = first.published_snapshot - first.source_snapshot  # commits of a full build
        # The first that is killed is a small build, those after it start from nothing.
        moments = [chance.randint(1, SMALL), *(chance.randrange(1, full) for _ in range(KILLS - 1))]
        with polling(reader) as seen:
            for number, moment in enumerate(moments):
                load_events(built, range(5 + 5 * number, 10 + 5 * number))
                kill_a_build(built, database, moment)
            assert registry.latest(database) == first
        assert seen == {(first.build_id, 5, 5)}
        with Builder(built).open() as builder:
            result = builder.build()
        assert result.full_refresh
        reader.refresh()
        every = 5 + 5 * KILLS
        assert figures(reader) == (result.build_id, every, every)
        assert statuses(database) == ["published", *["failed"] * KILLS, "published"]
    found = proof.prove(built, url, lambda *_: None)
    assert [table.table for table in found.tables if not table.is_equal] == []

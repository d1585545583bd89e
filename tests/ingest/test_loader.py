"""The loader takes everything exactly once, whatever kills it."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import duckdb
import psycopg
import pytest

from core import lake
from core.settings import Settings
from ingest.journal import Journal
from ingest.loader import Loader, LoaderRunningError
from tests.ingest.samples import envelope, grade_event

KILLS = 8


def append(settings: Settings, bodies: list[bytes], events_each: int) -> None:
    with psycopg.connect(str(settings.database_url)) as connection:
        connection.execute(
            "insert into identity.clients (client_id, name, mode, scopes)"
            " values ('client-1', 'Sender', 'production', '{}') on conflict do nothing"
        )

    async def append_all() -> None:
        async with Journal(str(settings.database_url)) as journal:
            now = datetime.now(UTC)
            await asyncio.gather(
                *(journal.append("client-1", now, events_each, None, body) for body in bodies)
            )

    asyncio.run(append_all())


@contextmanager
def open_lake(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with lake.open_duckdb(settings) as connection:
        lake.attach(connection, settings, str(settings.database_url), read_only=True)
        yield connection


def loaded_ids(settings: Settings) -> Counter[str]:
    with open_lake(settings) as connection:
        return Counter(
            event_id
            for (event_id,) in connection.sql("select event_id from lake.raw.events").fetchall()
        )


def start_loader(settings: Settings) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "TIMEBACK_DATA_DIR": str(settings.data_dir),
        "TIMEBACK_DATABASE_URL": str(settings.database_url),
        "TIMEBACK_LOAD_INTERVAL_SECONDS": "0",
        "TIMEBACK_LOAD_BATCH_EVENTS": "40",
    }
    return subprocess.Popen([sys.executable, "-m", "core.cli", "run", "loader"], env=environment)


def test_a_load_moves_events_as_sent_and_empties_the_journal(settings: Settings) -> None:
    append(settings, [envelope([grade_event(1), grade_event(2)]), envelope([grade_event(3)])], 1)
    with Loader(settings) as loader:
        assert loader.drain() == 3
        assert loader.drain() == 0
    with open_lake(settings) as connection:
        rows = connection.sql(
            "select event_id, event_type, student_ref, score_type, score_given, course_ref,"
            " lesson_ref, event_time::varchar, payload->>'$.actor.id' from lake.raw.events"
            " order by event_time"
        ).fetchall()
    assert rows[0] == (
        "00000000-0000-0000-0000-000000000002",
        "GradeEvent",
        "student-1",
        "XP",
        1.0,
        "course-1",
        "lesson-1",
        "2026-03-02 15:00:01+00",
        "student-1",
    )
    assert len(rows) == 3
    with psycopg.connect(str(settings.database_url)) as connection:
        assert connection.execute("select count(*) from journal.requests").fetchone() == (0,)
        assert connection.execute("select count(*) from journal.pending_load").fetchone() == (0,)


def test_a_batch_is_bounded_by_events_and_the_next_takes_the_rest(settings: Settings) -> None:
    small = settings.model_copy(update={"load_batch_events": 4})
    append(small, [envelope([grade_event(2 * n), grade_event(2 * n + 1)]) for n in range(5)], 2)
    with Loader(small) as loader:
        assert [loader.run_once() for _ in range(4)] == [4, 4, 2, 0]


def test_a_second_loader_is_refused_while_one_runs(settings: Settings) -> None:
    with Loader(settings), pytest.raises(LoaderRunningError), Loader(settings, wait=False):
        pass


def test_a_load_that_reached_the_lake_is_not_written_again(settings: Settings) -> None:
    append(settings, [envelope([grade_event(1)])], 1)
    url = str(settings.database_url)
    with Loader(settings) as loader:
        with psycopg.connect(url) as connection:
            kept = connection.execute("select * from journal.requests").fetchall()
        loader.drain()
    with psycopg.connect(url) as connection:  # as if killed between the lake and the delete
        connection.execute(
            "insert into journal.requests overriding system value"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            kept[0],
        )
        connection.execute(
            "insert into journal.pending_load overriding system value values (1, %s, '{}')",
            [[kept[0][0]]],
        )
    with Loader(settings) as loader:
        assert loader.drain() == 0
    assert loaded_ids(settings) == {"00000000-0000-0000-0000-000000000002": 1}


@pytest.mark.long
def test_no_event_is_lost_or_doubled_by_a_loader_that_is_killed_again_and_again(
    settings: Settings,
) -> None:
    chance = random.Random(7)
    total = 0
    for _ in range(KILLS):
        bodies = [
            envelope([grade_event(total + n) for n in range(i, i + 10)]) for i in range(0, 600, 10)
        ]
        append(settings, bodies, 10)
        total += 600
        process = start_loader(settings)
        time.sleep(1.2 + chance.random() * 1.2)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with Loader(settings) as loader:
        loader.drain()
    ids = loaded_ids(settings)
    assert len(ids) == total
    assert set(ids.values()) == {1}

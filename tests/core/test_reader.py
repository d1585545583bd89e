"""Readers pin a published build, move to the next one without a failure, and can look back."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import psycopg
import pytest

from core import lake
from core.builds.maintenance import drop_old_builds
from core.builds.reader import OLDER_BUILDS_ATTACHED, LakeReader
from core.errors import GoneError, NotFoundError, UnavailableError
from core.settings import Settings

Connection = psycopg.Connection[Any]


class Publisher:
    """Writes a mart with one number and publishes it, as a build does."""

    def __init__(self, settings: Settings, database: Connection) -> None:
        self._database = database
        self.lake = lake.open_duckdb(settings)
        lake.attach(self.lake, settings, str(settings.database_url))
        self.lake.execute("create schema lake.marts; create table lake.marts.figures (n integer)")

    def write(self, number: int) -> None:
        self.lake.execute("begin; delete from lake.marts.figures")
        self.lake.execute(f"insert into lake.marts.figures values ({number}), ({number}); commit")

    def publish(self, number: int, as_of: datetime | None = None) -> str:
        self.write(number)
        snapshot = lake.current_snapshot(self.lake)
        self._database.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, published_snapshot, finished_at)"
            " values (%s, 'published', false, coalesce(%s, now()), %s, %s, now())",
            [f"b{number}", as_of, snapshot, snapshot],
        )
        self._database.commit()
        return f"b{number}"


@pytest.fixture
def publisher(settings: Settings, database: Connection) -> Iterator[Publisher]:
    made = Publisher(settings, database)
    yield made
    made.lake.close()


def read(reader: LakeReader, build_id: str | None = None) -> list[int]:
    with reader.lease(build_id) as published:
        return [row["n"] for row in published.rows("select n from figures")]


def held(reader: LakeReader) -> set[str]:
    """The builds of which tables are held in memory."""
    with reader.lease() as published:
        rows = published.rows(
            "select schema_name from duckdb_tables() where database_name = 'memory'"
        )
    return {row["schema_name"] for row in rows}


def test_before_the_first_build_readers_are_told_to_come_back(settings: Settings) -> None:
    with (
        LakeReader(settings, str(settings.database_url)) as reader,
        pytest.raises(UnavailableError),
        reader.lease(),
    ):
        pass


def test_what_is_written_is_seen_only_once_it_is_published(
    settings: Settings, publisher: Publisher
) -> None:
    publisher.publish(1)
    with LakeReader(settings, str(settings.database_url)) as reader:
        publisher.write(2)
        assert read(reader) == [1, 1]
        publisher.publish(3)
        reader.refresh()
        assert read(reader) == [3, 3]


def test_small_tables_of_the_newest_build_alone_are_held_once_nobody_reads_the_others(
    settings: Settings, publisher: Publisher
) -> None:
    publisher.publish(1)
    with LakeReader(settings, str(settings.database_url)) as reader:
        (first,) = held(reader)
        with reader.lease() as published:
            publisher.publish(2)
            reader.refresh()
            assert published.rows("from figures") == published.rows("from marts.figures")
            assert len(held(reader)) == 2
        (second,) = held(reader)
        assert second != first
        assert read(reader, "b1") == [1, 1]
        assert held(reader) == {second}


def test_a_large_table_is_read_from_the_lake(
    settings: Settings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.builds.held.MOST_ROWS", 1)
    publisher.publish(1)
    with LakeReader(settings, str(settings.database_url)) as reader:
        assert held(reader) == set()
        assert read(reader) == [1, 1]


def test_a_request_keeps_its_build_to_its_end(settings: Settings, publisher: Publisher) -> None:
    publisher.publish(1)
    with LakeReader(settings, str(settings.database_url)) as reader:
        with reader.lease() as published:
            publisher.publish(2)
            reader.refresh()
            assert published.rows("select n from marts.figures")[0]["n"] == 1
        assert read(reader) == [2, 2]


def test_an_older_build_can_be_read_by_its_id_and_an_unknown_one_is_404(
    settings: Settings, publisher: Publisher
) -> None:
    first = publisher.publish(1)
    with LakeReader(settings, str(settings.database_url)) as reader:
        for number in range(2, 4 + OLDER_BUILDS_ATTACHED):
            publisher.publish(number)
            reader.refresh()
        assert read(reader, first) == [1, 1]
        with pytest.raises(NotFoundError), reader.lease("unknown"):
            pass


def test_readers_never_fail_while_builds_are_published(
    settings: Settings, publisher: Publisher
) -> None:
    publisher.publish(1)
    failures: list[BaseException] = []
    reads = [0]
    done = threading.Event()

    def keep_reading(reader: LakeReader) -> None:
        while not done.is_set():
            try:
                first, second = read(reader)
            except (duckdb.Error, UnavailableError) as error:
                failures.append(error)
                return
            assert first == second
            reads[0] += 1

    with LakeReader(settings, str(settings.database_url)) as reader:
        threads = [threading.Thread(target=keep_reading, args=[reader]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(2, 12):
            publisher.publish(number)
            reader.refresh()
        done.set()
        for thread in threads:
            thread.join()
        assert read(reader) == [11, 11]
    assert failures == []
    assert reads[0] > 10


def at(day: int) -> datetime:
    return datetime(2026, 1, day, 12, tzinfo=UTC)


def test_as_of_reads_the_newest_build_that_is_true_at_that_instant(
    settings: Settings, publisher: Publisher
) -> None:
    for number in (1, 2, 3):
        publisher.publish(number, as_of=at(number))
    with LakeReader(settings, str(settings.database_url)) as reader:

        def found(as_of: datetime) -> str:
            with reader.lease(as_of=as_of) as published:
                return published.build.build_id

        moment = timedelta(microseconds=1)
        assert [found(at(1)), found(at(2) - moment), found(at(2)), found(at(9))] == [
            "b1",
            "b1",
            "b2",
            "b3",
        ]
        with pytest.raises(NotFoundError), reader.lease(as_of=at(1) - moment):
            pass


def test_a_build_that_was_dropped_is_gone_and_one_that_never_was_is_unknown(
    settings: Settings, publisher: Publisher, database: Connection
) -> None:
    for number in (1, 2):
        publisher.publish(number, as_of=at(number))
    with LakeReader(settings, str(settings.database_url)) as reader:
        drop_old_builds(database, kept=1)
        database.commit()
        with pytest.raises(GoneError), reader.lease("b1"):
            pass
        with pytest.raises(GoneError), reader.lease(as_of=at(1)):
            pass
        with pytest.raises(NotFoundError), reader.lease(as_of=at(1) - timedelta(days=1)):
            pass
        assert read(reader, "b2") == [2, 2]

"""Upkeep beside readers: builds that are kept stay whole, the rest leaves catalog and disk."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core import lake
from core.builds import locks, maintenance, registry
from core.builds.build import Builder
from core.builds.reader import LakeReader
from core.errors import GoneError
from core.settings import Settings

Connection = psycopg.Connection[Any]
KEPT = 3
ROWS = 2_000
GRACE_SECONDS = 3  # longer than a read


class Publisher:
    """Publishes builds that each replace half of a mart, as small builds do."""

    def __init__(self, settings: Settings, database: Connection) -> None:
        self._database = database
        self._duckdb = lake.open_duckdb(settings, threads=1)
        lake.attach(self._duckdb, settings, str(settings.database_url))
        self._duckdb.execute("create schema lake.marts")
        self._duckdb.execute("create table lake.marts.figures (build integer, n integer)")
        self.number = 0

    def publish(self) -> str:
        """One more build: every row of it carries its number or its predecessor's."""
        self.number += 1
        for parity in (0, 1):  # two commits, of which readers see the second
            self._duckdb.execute(f"delete from lake.marts.figures where n % 2 = {parity}")
            self._duckdb.execute(
                f"insert into lake.marts.figures select {self.number}, n * 2 + {parity}"
                f" from range({ROWS // 2}) as numbers(n)"
            )
        snapshot = lake.current_snapshot(self._duckdb)
        build_id = f"b{self.number}"
        self._database.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, published_snapshot, finished_at)"
            " values (%s, 'published', false, now(), %s, %s, now())",
            [build_id, snapshot, snapshot],
        )
        self._database.commit()
        return build_id

    def snapshots(self) -> set[int]:
        """Snapshots that the catalog still knows."""
        found = self._duckdb.execute("select snapshot_id from ducklake_snapshots('lake')")
        return {snapshot for (snapshot,) in found.fetchall()}

    def close(self) -> None:
        """Let the lake go."""
        self._duckdb.close()


@pytest.fixture
def publisher(settings: Settings, database: Connection) -> Iterator[Publisher]:
    made = Publisher(settings, database)
    yield made
    made.close()


@pytest.fixture
def few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Three builds are kept, and files leave the disk soon after the last one that needs them."""
    monkeypatch.setattr(maintenance, "GRACE_MINUTES", GRACE_SECONDS / 60)
    return settings.model_copy(update={"builds_kept": KEPT})


def read(reader: LakeReader, build_id: str) -> list[tuple[int, int]]:
    """Build numbers in the mart and how many rows carry each."""
    with reader.lease(build_id) as published:
        rows = published.rows("select build, count(*) as n from marts.figures group by all")
    return [(row["build"], row["n"]) for row in rows]


def is_whole(reader: LakeReader, build_id: str) -> bool:
    """Whether a build reads as it was published."""
    return read(reader, build_id) == [(int(build_id[1:]), ROWS)]


def parquet_files(settings: Settings) -> set[Path]:
    return set(Path(settings.lake_path).rglob("*.parquet"))


@contextmanager
def reading(reader: LakeReader, builds: Sequence[str], threads: int = 3) -> Iterator[None]:
    """Read builds again and again meanwhile; afterwards every read must have been right."""
    done = threading.Event()
    counts, failures = [0] * threads, list[Exception]()

    def go_on(place: int) -> None:
        while not done.is_set():
            try:
                if not all(is_whole(reader, build) for build in builds):
                    failures.append(AssertionError("a build read in parts"))
            except Exception as error:  # whatever it is, the reader failed
                failures.append(error)
            counts[place] += 1

    workers = [threading.Thread(target=go_on, args=[place]) for place in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        done.set()
        for worker in workers:
            worker.join()
    assert failures == []
    assert all(counts)


@pytest.mark.long
def test_kept_builds_are_read_without_a_failure_while_the_lake_is_kept_up(
    few: Settings, publisher: Publisher
) -> None:
    with LakeReader(few, str(few.database_url)) as reader, Builder(few).open() as builder:
        for _ in range(4):
            for _ in range(2):
                publisher.publish()
            kept = [f"b{publisher.number - age}" for age in range(min(KEPT, publisher.number))]
            with reading(reader, kept):
                builder.maintain()
                time.sleep(GRACE_SECONDS)
        reader.refresh()
        assert all(is_whole(reader, build) for build in kept)


def test_a_lease_on_a_kept_build_outlives_upkeep(few: Settings, publisher: Publisher) -> None:
    with LakeReader(few, str(few.database_url)) as reader, Builder(few).open() as builder:
        for _ in range(6):
            publisher.publish()
        with reader.lease("b4") as published:
            published.rows("select count(*) from marts.figures")
            builder.maintain()
            publisher.publish()
            assert published.rows("select min(build) as n from marts.figures") == [{"n": 4}]


def test_readers_move_on_though_a_build_that_they_hold_was_dropped(
    few: Settings, publisher: Publisher
) -> None:
    oldest = publisher.publish()
    with LakeReader(few, str(few.database_url)) as reader, Builder(few).open() as builder:
        with reader.lease(oldest):
            for _ in range(KEPT):
                publisher.publish()
            builder.maintain()
            newest = publisher.publish()
            reader.refresh()
            assert is_whole(reader, newest)
        with pytest.raises(GoneError):
            read(reader, oldest)


def test_files_and_snapshots_of_dropped_builds_are_gone(
    few: Settings, publisher: Publisher, database: Connection
) -> None:
    for _ in range(8):
        publisher.publish()
    files, snapshots = parquet_files(few), publisher.snapshots()
    with Builder(few).open() as builder:
        builder.maintain()
        time.sleep(GRACE_SECONDS)
        builder.maintain()
    assert registry.by_id(database, "b5") is None
    kept = {
        build.published_snapshot
        for build in (registry.by_id(database, f"b{number}") for number in (6, 7, 8))
        if build is not None
    }
    assert len(kept) == KEPT
    assert kept <= publisher.snapshots()
    # Only what was compacted just now stands beside the kept builds.
    assert all(one in kept or one >= max(kept) for one in publisher.snapshots())
    assert len(publisher.snapshots()) < len(snapshots) / 2
    assert len(parquet_files(few)) < len(files) / 2


@pytest.mark.long
def test_upkeep_again_and_again_keeps_the_number_of_files_bounded(
    few: Settings, publisher: Publisher
) -> None:
    counts = []
    with Builder(few).open() as builder:
        for _ in range(4):
            for _ in range(4):
                publisher.publish()
            builder.maintain()
            time.sleep(GRACE_SECONDS)
            builder.maintain()
            counts.append(len(parquet_files(few)))
    assert max(counts[1:]) <= counts[0] + KEPT


def test_a_pinned_build_stays_until_it_is_let_go(
    few: Settings, publisher: Publisher, database: Connection
) -> None:
    for _ in range(KEPT + 2):
        publisher.publish()
    first, second = registry.by_id(database, "b1"), registry.by_id(database, "b2")
    assert first is not None
    assert second is not None
    with Builder(few).open() as builder, LakeReader(few, str(few.database_url)) as reader:
        with psycopg.connect(str(few.database_url), autocommit=True) as other:
            with locks.holding(other, locks.KEPT_BUILDS):
                locks.pin_build(other, first.build_number)
            builder.maintain()
            assert is_whole(reader, "b1")
            assert registry.by_id(database, "b2") is None
        # A server lets go of a closed connection's locks a moment later.
        while database.execute(locks.PINNED_BUILDS).fetchall():
            time.sleep(locks.FENCE_POLL_SECONDS)
        builder.maintain()
        assert registry.by_id(database, "b1") is None

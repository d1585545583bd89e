"""A build is published when its tests pass; one that fails or is killed changes nothing."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from core import context, lake
from core.builds import loop, maintenance, registry, requests
from core.builds.build import Builder, BuildFailedError
from core.builds.reader import LakeReader
from core.settings import Settings
from ingest.loader import Loader
from tests.conftest import make_settings
from tests.ingest.samples import envelope, grade_event
from tests.ingest.test_loader import append

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def built(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An install with one loaded event and one published build."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("built") / "data")
    load_events(settings, 1)
    with Builder(settings).open() as builder:
        builder.build()
    return settings


def load_events(settings: Settings, *numbers: int) -> None:
    append(settings, [envelope([grade_event(number)]) for number in numbers], 1)
    with Loader(settings) as loader:
        loader.drain()


def published(settings: Settings) -> registry.Build:
    with psycopg.connect(str(settings.database_url)) as connection:
        build = registry.latest(connection)
    assert build is not None
    return build


def verdicts(settings: Settings) -> int:
    with LakeReader(settings, str(settings.database_url)) as reader, reader.lease() as lease:
        return int(lease.rows("select count(*) as n from marts.fct_event_verdicts")[0]["n"])


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_build_that_passes_its_tests_is_published(built: Settings) -> None:
    before = verdicts(built)
    load_events(built, 2)
    assert verdicts(built) == before
    with Builder(built).open() as builder:
        assert builder.has_news()
        result = builder.build()
        assert not builder.has_news()
    assert result.build_id == published(built).build_id
    assert not result.full_refresh
    assert verdicts(built) == before + 1


def test_a_build_with_a_failing_test_leaves_readers_where_they_are(built: Settings) -> None:
    before, count = published(built), verdicts(built)
    load_events(built, 3)
    with lake.open_duckdb(built) as duck:  # an event arrives twice under one number
        lake.attach(duck, built, str(built.database_url))
        newest = "where journal_seq = (select max(journal_seq) from lake.raw.events)"
        duck.execute(f"create temp table arrived as from lake.raw.events {newest}")
        duck.execute("insert into lake.raw.events from arrived")
        with Builder(built).open() as builder, pytest.raises(BuildFailedError, match="unique"):
            builder.build()
        assert published(built) == before
        assert verdicts(built) == count
        duck.execute(f"delete from lake.raw.events {newest}")
        duck.execute("insert into lake.raw.events from arrived")
    with Builder(built).open() as builder:
        assert not builder.build().full_refresh
    assert verdicts(built) == count + 1


@pytest.mark.long
def test_a_running_loop_builds_what_is_loaded_and_what_is_asked(built: Settings) -> None:
    stop = threading.Event()
    quick = built.model_copy(update={"build_interval_seconds": 0.1})
    thread = threading.Thread(target=loop.run, args=[quick, stop])
    before, count = published(built), verdicts(built)
    load_events(built, 5)
    thread.start()
    try:
        wait_for(lambda: published(built) != before)
        assert verdicts(built) == count + 1
        with psycopg.connect(str(built.database_url), autocommit=True) as connection:
            build_id = requests.request_build(connection, full_refresh=False)
        assert published(built).build_id == build_id
    finally:
        stop.set()
        thread.join()


@pytest.mark.long
def test_upkeep_keeps_published_builds_readable_and_drops_older_ones(built: Settings) -> None:
    few = built.model_copy(update={"builds_kept": 2})
    url = context.prepare(few)
    oldest, count = published(built), verdicts(built)
    with LakeReader(few, url) as reader:
        with Builder(few).open() as builder:
            for number in (6, 7):
                load_events(few, number)
                builder.build()
            builder.maintain()
        reader.refresh()
        with reader.lease() as lease:
            (found,) = lease.rows("select count(*) as n from marts.fct_event_verdicts")
            assert found["n"] == count + 2
    with psycopg.connect(url) as connection, lake.open_duckdb(few) as duck:
        assert registry.by_id(connection, oldest.build_id) is None
        lake.attach(duck, few, url, read_only=True)
        row = duck.sql("select count(*) from ducklake_snapshots('lake')").fetchone()
        assert row is not None
        assert row[0] < maintenance.BUILDS_BETWEEN
    assert verdicts(few) == count + 2

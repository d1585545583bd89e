"""One embedded PostgreSQL for a test run; a fresh install (database, lake) for each test."""

import functools
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from core import context, lake, postgres
from core.settings import Settings

# Folders whose files share an install that takes a build.
TOGETHER = (
    "tests/warehouse/",
    "tests/browser/",
    "tests/docs/",
    "tests/dashboards/",
    "tests/api/explain/",
    "tests/api/on_real_marts/",
)
# These begin first, so that the workers end together.
LONGEST = (
    *TOGETHER,
    "tests/core/test_builds.py",
    "tests/privacy/",
    "tests/journeys/",
    "tests/matrix/",
)


class FilesTogether(LoadFileScheduling):  # type: ignore[misc]  # has no types
    """One worker runs a file whole, and the files of a folder that shares a costly install."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesTogether:
    """Cut the tests between workers by files, in the order in which they are collected."""
    config.option.loadscopereorder = False
    return FilesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first, the others in their order."""

    def place(item: pytest.Item) -> int:
        places = (at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start))
        return next(places, len(LONGEST))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _extensions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every install of a test run, also one in a child process, uses the same copy.

    DuckDB reads 110 MB to check their signatures whenever it loads them. Of the thousands of times
    that the tests do, only installing and child processes check.
    """
    folder = tmp_path_factory.mktemp("extensions")
    os.environ["TIMEBACK_EXTENSION_DIR"] = str(folder)
    lake.install_extensions(Settings(data_dir=folder))
    connect = duckdb.connect

    def connect_unchecked(
        database: str | Path = ":memory:",
        read_only: bool = False,
        config: dict[str, Any] | None = None,
    ) -> duckdb.DuckDBPyConnection:
        return connect(database, read_only, {"allow_unsigned_extensions": "true"} | (config or {}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", connect_unchecked)
        yield


@pytest.fixture(scope="session", autouse=True)
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every install of a test run builds from one compiled copy of the dbt project."""
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    os.environ["TIMEBACK_COMPILED_DIR"] = str(shared / "compiled")


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a PostgreSQL server that stops with the test run."""
    root = tmp_path_factory.mktemp("server")
    return postgres.database_url(Settings(data_dir=root))


def make_settings(server_url: str, root: Path) -> Settings:
    """Settings of a new, prepared install in `root`, in a database of its own."""
    settings = Settings(
        data_dir=root, database_url=_create_database(server_url, _fresh_install(server_url))
    )
    context.prepare(settings)
    return settings


@functools.cache
def _fresh_install(server_url: str) -> str:
    """The database of an install without a row: copied in a tenth of the time it takes to make."""
    url = _create_database(server_url, "template1")
    with tempfile.TemporaryDirectory() as root:
        context.prepare(Settings(data_dir=Path(root), database_url=url))
    return str(conninfo_to_dict(url)["dbname"])


def _create_database(server_url: str, template: str) -> str:
    """URL of a new database that is as the template is."""
    name = f"t_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    return make_conninfo(server_url, dbname=name)


@pytest.fixture(scope="session")
def schools(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An install that holds two small schools, for tests that leave it as it was."""
    from tests.dashboards import school

    made = make_settings(server_url, tmp_path_factory.mktemp("schools") / "data")
    school.found(made)
    return made


@pytest.fixture
def settings(server_url: str, tmp_path: Path) -> Settings:
    """A fresh install."""
    return make_settings(server_url, tmp_path / "data")


@pytest.fixture
def database(settings: Settings) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to the install's PostgreSQL."""
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        yield connection

"""Readers of published builds: one DuckDB per process, each build attached at its snapshot.

A request leases the newest build and keeps it to its end; when a newer one is published it is
attached and warmed beside the old one first, and the old one is detached when its last lease
ends. So no request fails or sees two builds.
"""

import itertools
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl
import psycopg

from core import lake
from core.builds import held, registry
from core.builds.first import RETRY_SECONDS, outlook
from core.builds.held import Holding
from core.builds.registry import Build
from core.errors import GoneError, NoBuildYetError, NotFoundError
from core.lake import TableAt
from core.settings import Settings

logger = logging.getLogger(__name__)

Parameters = Mapping[str, Any] | Sequence[Any]
POLL_SECONDS = 0.2
OLDER_BUILDS_ATTACHED = 4


@dataclass
class PublishedLake:
    """A lease on one published build. SQL names tables plainly, or as `marts.…` and `raw.…`."""

    build: Build
    cursor: duckdb.DuckDBPyConnection
    database: str  # what DuckDB calls this build's lake

    def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """Run a query; one dict a row, keyed by column."""
        result = self.cursor.execute(sql, parameters)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def frame(self, sql: str, parameters: Parameters = ()) -> pl.DataFrame:
        """Run a query; the answer as a polars frame."""
        return self.cursor.execute(sql, parameters).pl()


@dataclass
class _Attachment:
    build: Build
    alias: str
    tables: list[TableAt]
    leases: int = 0
    is_current: bool = False
    holding: Holding | None = None


class LakeReader:
    """Leases on published builds, for all threads of a process."""

    def __init__(self, settings: Settings, database_url: str) -> None:
        self._settings = settings
        self._url = database_url
        self._lock = threading.Lock()
        self._attaching = threading.Lock()
        self._holding = threading.Lock()
        self._attached: dict[str, _Attachment] = {}
        self._attachments = itertools.count()
        self._current: _Attachment | None = None
        self._outlook = ""  # how far the first build is, as long as there is none
        self._is_newest_attached = False
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="build-watcher", daemon=True)

    def __enter__(self) -> Self:
        self._duckdb = lake.open_duckdb(self._settings)
        # It reads a file twice for `order by … limit`: measured four times slower on marts.
        self._duckdb.execute("set global disabled_optimizers = 'late_materialization'")
        self.refresh()
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._watcher.join()
        self._duckdb.close()

    @contextmanager
    def lease(
        self, build_id: str | None = None, as_of: datetime | None = None
    ) -> Iterator[PublishedLake]:
        """The newest published build: of all, of those true at `as_of` or before, or the one named.

        410 if it is kept no longer, 404 if there never was one, 503 before the first.
        """
        attachment = self._take(build_id, as_of)
        try:
            with self._duckdb.cursor() as cursor:
                path = held.search_path(attachment.alias, is_held=attachment.holding is not None)
                cursor.execute(f"set search_path = '{path}'")
                yield PublishedLake(attachment.build, cursor, attachment.alias)
        finally:
            self._give_back(attachment)

    @contextmanager
    def newest(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor on the lake as it stands now, for raw rows that no build has seen yet."""
        with self._duckdb.cursor() as cursor:
            with self._attaching:
                if not self._is_newest_attached:
                    lake.attach(cursor, self._settings, self._url, alias="newest", read_only=True)
                    self._is_newest_attached = True
            cursor.execute("use newest.raw")
            yield cursor

    def refresh(self) -> None:
        """Move to the newest published build, if there is a newer one."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            self._follow(connection)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        build = registry.latest(connection)
        if build is None:
            self._outlook = outlook(connection)
        else:
            self._move(build)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    while not self._stopping.wait(POLL_SECONDS):
                        self._follow(connection)
            except (psycopg.Error, duckdb.Error):
                logger.exception("cannot follow the published builds; trying again")
                self._stopping.wait(POLL_SECONDS * 4)

    def _move(self, build: Build) -> None:
        if self._current and self._current.build == build:
            return
        attachment = self._attach(build)
        self._hold(attachment, self._current)
        with self._lock:
            if self._current is not None:
                self._current.is_current = False
            self._current = attachment
            attachment.is_current = True
        self._detach_idle()

    def _take(self, build_id: str | None, as_of: datetime | None) -> _Attachment:
        with self._lock:
            current = self._current
            if (
                current is not None
                and build_id in (None, current.build.build_id)
                and (as_of is None or current.build.as_of <= as_of)
            ):
                current.leases += 1
                return current
        if current is None and build_id is None:
            raise NoBuildYetError(self._outlook, retry_after=RETRY_SECONDS)
        return self._attach(self._find(build_id, as_of), leases=1)

    def _find(self, build_id: str | None, as_of: datetime | None) -> Build:
        sought = f"build {build_id!r}" if build_id is not None else f"build as of {as_of}"
        if build_id is not None and "\0" in build_id:
            raise NotFoundError(f"There is no {sought}.", code="unknown_build")
        with psycopg.connect(self._url, autocommit=True) as connection:
            build = None
            if build_id is not None:
                build = registry.by_id(connection, build_id)
            elif as_of is not None:
                build = registry.as_of(connection, as_of)
            if build is not None:
                return build
            if registry.was_dropped(connection, build_id=build_id, instant=as_of):
                raise GoneError(f"The {sought} is not kept any more.", code="build_dropped")
        raise NotFoundError(f"There is no {sought}.", code="unknown_build")

    def _give_back(self, attachment: _Attachment) -> None:
        with self._lock:
            attachment.leases -= 1
        if not attachment.is_current:
            self._detach_idle()

    def _attach(self, build: Build, *, leases: int = 0) -> _Attachment:
        """Attach and warm a build, so that its first reader waits for nothing; lease it at once.

        Each time under a new name: the last one may be on its way out.
        """
        with self._attaching:
            with self._lock:
                known = self._attached.get(build.build_id)
                if known is not None:
                    known.leases += leases
                    return known
            with psycopg.connect(self._url) as connection:
                tables = lake.tables_at(connection, "marts", build.published_snapshot)
            alias = f"build_{build.build_number}_{next(self._attachments)}"
            with self._duckdb.cursor() as cursor:
                lake.attach(
                    cursor,
                    self._settings,
                    self._url,
                    alias=alias,
                    snapshot=build.published_snapshot,
                    application_name="timeback-reader",
                )
                try:
                    for table in tables:
                        if table.row_count > held.MOST_ROWS:
                            name = f'{alias}.marts."{table.table_name}"'
                            cursor.execute(f"select 1 from {name} limit 1").fetchall()
                except duckdb.Error:
                    cursor.execute(f"detach {alias}")
                    raise
            attachment = _Attachment(build, alias, tables, leases)
            with self._lock:
                self._attached[build.build_id] = attachment
            return attachment

    def _hold(self, attachment: _Attachment, former: _Attachment | None) -> None:
        with self._holding:
            if attachment.holding is None:
                with self._duckdb.cursor() as cursor:
                    known = None if former is None else former.holding
                    attachment.holding = held.hold(
                        cursor, attachment.alias, attachment.tables, known
                    )

    def _let_go(self, attachment: _Attachment) -> None:
        with self._holding:
            with self._lock:
                holding = attachment.holding
                if holding is None or attachment.is_current or attachment.leases:
                    return
                attachment.holding = None
            with self._duckdb.cursor() as cursor:
                held.let_go(cursor, holding)

    def _detach_idle(self) -> None:
        """Detach builds that nobody reads; the newest of the older ones stay for paging, unheld."""
        with self._lock:
            idle = [a for a in self._attached.values() if not a.is_current and a.leases == 0]
            idle.sort(key=lambda a: a.build.build_number)
            leaving = idle[: max(0, len(idle) - OLDER_BUILDS_ATTACHED)]
            for attachment in leaving:
                del self._attached[attachment.build.build_id]
        for attachment in idle:
            self._let_go(attachment)
        with self._duckdb.cursor() as cursor:
            for attachment in leaving:
                cursor.execute(f"detach {attachment.alias}")

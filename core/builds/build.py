"""One build: every mart derived from one snapshot of raw, tested, and published.

The plan of a small build runs in one transaction of the native warehouse, which also keeps what it
changed; that of a full build in a new warehouse, which counts once it is marked. Then one
transaction of the lake publishes it. A test that fails leaves nothing behind. A killed build leaves
the former one, or one that the next builder only has left to publish.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psutil
import psycopg
from psycopg.types.json import Jsonb

from core import lake, postgres
from core.builds import locks, maintenance, publish, registry
from core.builds.compile import load_plan
from core.builds.plan import Made, Plan, PlanRun, StepFailedError
from core.builds.project import PROJECT
from core.builds.warehouse import Mark, Warehouse
from core.errors import AppError
from core.settings import Settings

logger = logging.getLogger(__name__)

APPLICATION_NAME = "timeback-build"
ALL_ROWS_TESTED_EVERY = timedelta(days=1)
# Of so few events a query is too small to be shared: a second thread costs half as much CPU time
# again, and gains nothing.
EVENTS_OF_ONE_THREAD = 20_000
PROGRESS_SECONDS = 0.5


class BuildFailedError(AppError):
    """A model or a test failed; readers stay on the last published build."""

    status = 500
    code = "build_failed"


@dataclass(frozen=True)
class BuildResult:
    """What a build did. `seconds` is the whole of it, `nodes` the models and tests it ran."""

    build_id: str
    full_refresh: bool
    seconds: float
    nodes: int


class Builder:
    """The one builder of an install; a second one waits until the first is gone."""

    postgres: psycopg.Connection[Any]
    duck: duckdb.DuckDBPyConnection  # with the lake attached as `lake`, and read-only as `src`

    def __init__(self, settings: Settings, *, project: Path = PROJECT) -> None:
        self.settings = settings
        self._project = project
        self._path = settings.root / "dbt" / "warehouse.duckdb"
        self._made = Made()

    @contextmanager
    def open(self) -> Iterator["Builder"]:
        """Take the build lock, and publish what a killed predecessor left to publish."""
        url = postgres.database_url(self.settings)
        with (
            psycopg.connect(url, autocommit=True) as self.postgres,
            lake.open_duckdb(self.settings) as self.duck,
        ):
            locks.hold(self.postgres, locks.BUILD)
            locks.fence(self.postgres, APPLICATION_NAME)
            self.duck.execute(f"set memory_limit = '{memory_limit()}'")
            lake.attach(self.duck, self.settings, url, application_name=APPLICATION_NAME)
            self._attach_source()
            self._warehouse = Warehouse(self._path, self.duck)
            self._warehouse.open()
            self._finish_former()
            yield self

    def has_news(self) -> bool:
        """Whether something was loaded since the last published build's source."""
        row = self.postgres.execute("select last_load_id from journal.progress").fetchone()
        return row is not None and registry.last_load_of_latest(self.postgres) < int(row[0])

    def build(
        self,
        *,
        full_refresh: bool = False,
        as_of: datetime | None = None,
        is_raw_at_rest: bool = False,
    ) -> BuildResult:
        """Build, test and publish; raises BuildFailedError naming what failed.

        `is_raw_at_rest`: nobody writes raw tables meanwhile, so that the published snapshot is as
        good a source as the one before it, and nothing older needs to be kept.
        """
        started = time.perf_counter()
        as_of = as_of or datetime.now(UTC)
        plan = load_plan(self.settings, self._project)
        self._publish(plan)
        mark = None if full_refresh else self._usable_mark(plan)
        build_id = secrets.token_hex(6)
        self.postgres.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, details) values (%s, 'running', %s, %s, %s, %s)",
            [build_id, mark is None, as_of, lake.current_snapshot(self.duck), Jsonb({})],
        )
        details: dict[str, Any] = {"project_hash": plan.project_hash}
        try:
            made, tests = self._make(plan, build_id, mark, as_of)
        except (StepFailedError, duckdb.Error) as error:
            failure = error.detail if isinstance(error, AppError) else str(error)
            details |= {"failures": [failure], "seconds": _since(started)}
            self._close(build_id, "failed", details)
            raise BuildFailedError(failure) from error
        details |= {
            "last_load_id": made.load_id,
            "nodes": len(plan.steps) + tests,
            "tests": tests,
            "warnings": 0,
            "failures": [],
            "made_seconds": _since(started),
        }
        self._note(build_id, details, made)
        snapshot = self._publish(plan, is_raw_at_rest=is_raw_at_rest)
        if mark is None:
            self._warehouse.checkpoint()
        seconds = _since(started)
        self.postgres.execute(
            "update publishing.builds set details = details || %s where build_id = %s",
            [Jsonb({"seconds": seconds}), build_id],
        )
        logger.info("build %s published after %.1f s (snapshot %s)", build_id, seconds, snapshot)
        return BuildResult(build_id, mark is None, seconds, len(plan.steps) + tests)

    def maintain(self) -> None:
        """Compact the lake and drop what no kept build needs."""
        maintenance.maintain(self.settings, self.postgres, self.duck)
        self._warehouse.checkpoint()

    def _make(
        self, plan: Plan, build_id: str, mark: Mark | None, as_of: datetime
    ) -> tuple[Mark, int]:
        """Run the plan and keep it in the warehouse; its mark, and how many tests passed."""
        with self._from_nothing() if mark is None else self._in_transaction():
            load_id, event_count = self._arrived(None if mark is None else mark.load_id)
            is_small = mark is not None and event_count <= EVENTS_OF_ONE_THREAD
            self.duck.execute("set threads = 1" if is_small else "reset threads")
            made = Mark(
                build_id,
                plan.project_hash,
                load_id=load_id,
                as_of=as_of,
                source_snapshot=self._number("from src.current_snapshot()"),
                is_full=mark is None,
                is_published=False,
                all_tested_at=as_of if mark is None else mark.all_tested_at,
            )
            since = None if mark is None else (mark.load_id, mark.as_of)
            run = PlanRun(
                plan,
                self.duck,
                as_of=as_of,
                since=since,
                show=Progress(self.postgres, build_id),
                made=self._made,
            )
            changed = run.make()
            if mark is not None and as_of - mark.all_tested_at >= ALL_ROWS_TESTED_EVERY:
                made = replace(made, all_tested_at=as_of)
            tests = run.check(all_rows=made.all_tested_at == as_of)
            if mark is not None:
                self._warehouse.fill_outbox(
                    [step for step in plan.marts if changed[step.relation.name]]
                )
            self._warehouse.write_mark(made)
        return made, tests

    @contextmanager
    def _in_transaction(self) -> Iterator[None]:
        """All of a small build or nothing, on raw as it is now."""
        self.duck.execute("begin")
        try:
            yield
        except BaseException:
            self._made.forget()
            self.duck.execute("rollback")
            raise
        self.duck.execute("commit")

    @contextmanager
    def _from_nothing(self) -> Iterator[None]:
        """An empty warehouse, and again if it fails, on raw pinned as it is now.

        No transaction, which would hold every working table in memory to its end; a file without a
        mark counts for nothing.
        """
        self._warehouse.forget()
        self._made.forget()
        self._attach_source(snapshot=lake.current_snapshot(self.duck))
        self.duck.execute("set preserve_insertion_order = false")  # what has none costs memory
        try:
            yield
        except BaseException:
            self._warehouse.forget()
            raise
        finally:
            self.duck.execute("reset preserve_insertion_order")
            self._attach_source()

    def _attach_source(self, *, snapshot: int | None = None) -> None:
        """The lake read-only as `src`: at a snapshot, else each transaction as it is."""
        self.duck.execute("detach database if exists src")
        lake.attach(
            self.duck,
            self.settings,
            postgres.database_url(self.settings),
            alias="src",
            read_only=True,
            snapshot=snapshot,
            application_name=APPLICATION_NAME,
        )

    def _publish(self, plan: Plan, *, is_raw_at_rest: bool = False) -> int | None:
        """Publish; what the lake cannot take now stays, and is published before the next build."""
        try:
            return self._publish_pending(plan, is_raw_at_rest=is_raw_at_rest)
        except duckdb.Error as error:
            raise BuildFailedError(f"The lake did not take the build: {error}") from error

    def _publish_pending(self, plan: Plan, *, is_raw_at_rest: bool = False) -> int | None:
        """Publish what the warehouse holds and the lake has not; the snapshot, if there was any."""
        mark = self._warehouse.mark()
        if mark is None or mark.is_published or mark.project_hash != plan.project_hash:
            return None
        snapshot = publish.find_snapshot(self.postgres, mark.build_id)
        if snapshot is None and mark.is_full:
            snapshot = publish.publish_all(self.duck, plan.marts, mark.build_id)
        elif snapshot is None:
            marts = self._warehouse.outbox(plan)
            snapshot = publish.publish_changes(self.duck, marts, mark.build_id)
        lake.fsync_files(self.settings, self.postgres, since_snapshot=snapshot)
        self.postgres.execute(
            "update publishing.builds set status = 'published', published_snapshot = %s,"
            " source_snapshot = %s, finished_at = clock_timestamp(), details = details || %s"
            " where build_id = %s",
            [
                snapshot,
                snapshot if is_raw_at_rest else mark.source_snapshot,
                Jsonb({"project_hash": mark.project_hash, "last_load_id": mark.load_id}),
                mark.build_id,
            ],
        )
        self._warehouse.write_mark(replace(mark, is_published=True))
        return snapshot

    def _finish_former(self) -> None:
        """Publish what a predecessor made and did not publish; what it did not make, failed."""
        self._publish_pending(load_plan(self.settings, self._project))
        self.postgres.execute(
            "update publishing.builds set status = 'failed', finished_at = now(),"
            " details = details || '{\"error\": \"cut off\"}' where status = 'running'"
        )

    def _usable_mark(self, plan: Plan) -> Mark | None:
        """The mark that a small build may go on from: of this project and the newest build."""
        mark = self._warehouse.mark()
        latest = registry.latest(self.postgres)
        if mark is None or latest is None or mark.project_hash != plan.project_hash:
            return None
        return mark if mark.build_id == latest.build_id else None

    def _note(self, build_id: str, details: dict[str, Any], made: Mark) -> None:
        self.postgres.execute(
            "update publishing.builds set details = details || %s, source_snapshot = %s"
            " where build_id = %s",
            [Jsonb(details), made.source_snapshot, build_id],
        )

    def _close(self, build_id: str, status: str, details: dict[str, Any]) -> None:
        self.postgres.execute(
            "update publishing.builds set status = %s, finished_at = now(), details = %s"
            " where build_id = %s",
            [status, Jsonb(details), build_id],
        )

    def _arrived(self, since_load_id: int | None) -> tuple[int, int]:
        """The newest load of the pinned raw, and how many events came after `since_load_id`."""
        row = self.duck.execute(
            "select coalesce(max(load_id), 0),"
            " coalesce(sum(event_count) filter (where load_id > ?), 0) from src.raw.loads",
            [since_load_id if since_load_id is not None else -1],
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def _number(self, query: str) -> int:
        row = self.duck.execute(query).fetchone()
        return int(row[0]) if row else 0


class Progress:
    """How far a build is, told to whoever waits for it, twice a second."""

    def __init__(self, connection: psycopg.Connection[Any], build_id: str) -> None:
        self._connection = connection
        self._build_id = build_id
        self._told_at = time.monotonic()

    def __call__(self, done: int, total: int, label: str) -> None:
        """Note it in `publishing.builds`, unless that was done just now."""
        now = time.monotonic()
        if now - self._told_at < PROGRESS_SECONDS:
            return
        self._told_at = now
        progress = {"done": done, "total": total, "label": label}
        self._connection.execute(
            "update publishing.builds set details = details || %s where build_id = %s",
            [Jsonb({"progress": progress}), self._build_id],
        )


def memory_limit() -> str:
    """What a build may hold in memory: a third of the machine's, six GiB at most."""
    return f"{min(psutil.virtual_memory().total // 3, 6 << 30) >> 20}MiB"


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)

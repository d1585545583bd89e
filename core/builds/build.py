"""One build: dbt derives every mart from one snapshot of raw, tests it, and it is published.

dbt commits each model by itself, so readers never look at the newest commit: they pin the
snapshot that a build published (reader.py). A build that fails or is killed changes nothing that
they see; the next one then starts from nothing.
"""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from psycopg.types.json import Jsonb

from core import lake, postgres
from core.builds import locks, maintenance, registry
from core.builds.project import PROJECT, hash_project
from core.builds.runner import DbtProject, dbt_environment, summarize
from core.builds.status import read_status
from core.errors import AppError
from core.settings import Settings

logger = logging.getLogger(__name__)

APPLICATION_NAME = "timeback-build"


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
    duck: duckdb.DuckDBPyConnection  # with the lake attached as `lake`

    def __init__(self, settings: Settings, *, project: Path = PROJECT) -> None:
        self.settings = settings
        self._project = project
        self._dbt = DbtProject(project, settings.root / "dbt")
        self._work_database = settings.root / "dbt" / "work.duckdb"

    @contextmanager
    def open(self) -> Iterator["Builder"]:
        """Take the build lock, and leave no trace of a killed predecessor."""
        self._url = postgres.database_url(self.settings)
        with (
            psycopg.connect(self._url, autocommit=True) as self.postgres,
            lake.open_duckdb(self.settings, threads=1) as self.duck,
        ):
            locks.hold(self.postgres, locks.BUILD)
            locks.fence(self.postgres, APPLICATION_NAME)
            self._forget_work()
            self.postgres.execute(
                "update publishing.builds set status = 'failed', finished_at = now(),"
                " details = details || '{\"error\": \"cut off\"}' where status = 'running'"
            )
            lake.attach(self.duck, self.settings, self._url, application_name=APPLICATION_NAME)
            yield self

    def has_news(self) -> bool:
        """Whether something was loaded since the last published build's source."""
        latest = registry.last_load_of_latest(self.postgres)
        return latest < read_status(self.postgres).last_load_id

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
        as_of = as_of or datetime.now(UTC)
        source = lake.current_snapshot(self.duck)
        project_hash = hash_project(self._project)
        full_refresh = full_refresh or self._must_start_from_nothing(project_hash)
        build_id = secrets.token_hex(6)
        details: dict[str, Any] = {
            "project_hash": project_hash,
            "last_load_id": self._last_load_id(source),
        }
        self.postgres.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, details) values (%s, 'running', %s, %s, %s, %s)",
            [build_id, full_refresh, as_of, source, Jsonb(details)],
        )
        started = datetime.now(UTC)
        os.environ |= dbt_environment(
            self.settings,
            self._url,
            source,
            application_name=APPLICATION_NAME,
            work_database=self._work_database,
        )
        command = ["build", "--exclude-resource-type", "unit_test"]
        if full_refresh:
            command.append("--full-refresh")
        variables = {"as_of": as_of.isoformat()} | ({} if full_refresh else self._mark())
        result = self._dbt.run(command, variables=variables)
        outcome = summarize(result)
        seconds = (datetime.now(UTC) - started).total_seconds()
        details |= outcome | {"seconds": round(seconds, 3)}
        if not result.success:
            self._close(build_id, "failed", None, details)
            raise BuildFailedError("; ".join(outcome["failures"]) or str(result.exception))
        published = lake.current_snapshot(self.duck)
        lake.fsync_files(self.settings, self.postgres, since_snapshot=source + 1)
        if is_raw_at_rest:
            self.postgres.execute(
                "update publishing.builds set source_snapshot = %s where build_id = %s",
                [published, build_id],
            )
        self._close(build_id, "published", published, details)
        logger.info("build %s published after %.1f s", build_id, seconds)
        return BuildResult(build_id, full_refresh, seconds, outcome["nodes"])

    def maintain(self) -> None:
        """Compact the lake and drop what no kept build needs."""
        maintenance.maintain(self.settings, self.postgres, self.duck)

    def forget_working_files(self) -> None:
        """Let go of dbt's working tables and artifacts; the next build makes them anew."""
        DbtProject.let_go()
        self._forget_work()

    def _close(
        self, build_id: str, status: str, published: int | None, details: dict[str, Any]
    ) -> None:
        self.postgres.execute(
            "update publishing.builds set status = %s, published_snapshot = %s,"
            " finished_at = now(), details = %s where build_id = %s",
            [status, published, Jsonb(details), build_id],
        )

    def _must_start_from_nothing(self, project_hash: str) -> bool:
        """After a build that did not end well, and when the project itself changed."""
        row = self.postgres.execute(
            "select status = 'published' and details ->> 'project_hash' = %s"
            " from publishing.builds order by build_number desc limit 1",
            [project_hash],
        ).fetchone()
        return row is None or not row[0]

    def _last_load_id(self, snapshot: int) -> int:
        row = self.duck.execute(
            f"select coalesce(max(load_id), 0) from lake.raw.loads at (version => {snapshot})"
        ).fetchone()
        return int(row[0]) if row else 0

    def _mark(self) -> dict[str, str | int]:
        """What the last complete build saw, as the dbt variables of a small one."""
        row = self.duck.execute(
            "select max(load_id), max(as_of)::varchar from lake.intermediate.build_mark"
        ).fetchone()
        return {"since_load_id": row[0], "since_as_of": row[1]} if row else {}

    def _forget_work(self) -> None:
        """Remove the working tables that another process left: worth nothing without it."""
        self._work_database.parent.mkdir(parents=True, exist_ok=True)
        for stale in self._work_database.parent.glob(f"{self._work_database.name}*"):
            stale.unlink()

"""The proof that small builds give what one full build gives, to the row.

A published build names all that it was derived from: a snapshot of raw and an instant (as_of).
So everything is derived and tested once more from the same two, from nothing, in a file of its own,
and compared with what readers see. Nothing that readers or builds use is written or locked; the
build is pinned while it is being proved.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from core import lake
from core.builds import comparison, locks, registry
from core.builds.build import BuildFailedError, memory_limit
from core.builds.comparison import Show, TableComparison
from core.builds.compile import load_plan
from core.builds.plan import Plan, PlanRun, StepFailedError
from core.builds.project import PROJECT, hash_project
from core.builds.registry import Build
from core.errors import ConflictError, NotFoundError
from core.settings import Settings

APPLICATION_NAME = "timeback-proof"


@dataclass(frozen=True)
class Proof:
    """What was proved: the build, the small builds that led to it, and each table's comparison."""

    build: Build
    small_builds: int
    tables: list[TableComparison]

    @property
    def holds(self) -> bool:
        """Whether no table differs in a single row."""
        return all(table.is_equal for table in self.tables)


def prove(
    settings: Settings, url: str, show: Show, *, build_id: str | None = None, rows: int = 5
) -> Proof:
    """Rebuild a published build (by default the newest) and compare it; a minute or a few.

    `rows` is how many differing rows each table reports. Raises NotFoundError for a build that is
    not published, ConflictError for one that another version of the dbt project made.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        locks.hold(connection, locks.PROOF)
        build = pin(connection, build_id)
        plan = load_plan(settings)
        with scratch(settings, connection) as folder, lake.open_duckdb(settings) as duck:
            duck.execute(f"set memory_limit = '{memory_limit()}'")
            duck.execute("set preserve_insertion_order = false")  # as a full build
            duck.execute(f"attach '{folder}/warehouse.duckdb' as warehouse")
            for alias, snapshot in (
                ("src", build.source_snapshot),
                ("published", build.published_snapshot),
            ):
                lake.attach(
                    duck,
                    settings,
                    url,
                    alias=alias,
                    snapshot=snapshot,
                    application_name=APPLICATION_NAME,
                )
            rebuild(plan, duck, build, show)
            keys = {
                f"{step.relation.schema}.{step.relation.name}": tuple(step.unique_key)
                for step in plan.marts
            }
            tables = list(comparison.compare(duck, keys, show, rows=rows))
        return Proof(build, registry.small_builds(connection, build), tables)


def pin(connection: psycopg.Connection[Any], build_id: str | None) -> Build:
    """The build to prove, safe from upkeep as long as the connection lives."""
    with locks.holding(connection, locks.KEPT_BUILDS):
        if build_id is None:
            build = registry.latest(connection)
        else:
            build = registry.by_id(connection, build_id)
        if build is None:
            raise NotFoundError(
                "There is no published build yet: run `timeback build`."
                if build_id is None
                else f"There is no build {build_id!r} (any more).",
                code="unknown_build",
            )
        locks.pin_build(connection, build.build_number)
    if registry.project_hash(connection, build) != hash_project(PROJECT):
        raise ConflictError(
            f"Build {build.build_id} was made by another version of the dbt project: build once"
            " with this one, then prove.",
            code="other_project",
        )
    return build


@contextmanager
def scratch(settings: Settings, connection: psycopg.Connection[Any]) -> Iterator[Path]:
    """An empty folder that is gone afterwards; what a killed proof left is removed first.

    The caller holds the lock.
    """
    folder = settings.root / "proof"
    locks.fence(connection, APPLICATION_NAME)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            yield Path(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rebuild(plan: Plan, duck: duckdb.DuckDBPyConnection, build: Build, show: Show) -> None:
    """Run every model from nothing, at the build's source and as_of, and test all rows."""

    def follow(done: int, total: int, _label: str) -> None:
        show(done, total, "Rebuilding from raw")

    run = PlanRun(plan, duck, as_of=build.as_of, show=follow)
    try:
        run.make()
        run.check(all_rows=True)
    except StepFailedError as error:
        raise BuildFailedError(error.detail) from error

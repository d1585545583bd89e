"""The proof that small builds give what one full build gives, to the row.

A published build names all that it was derived from: a snapshot of raw and an instant (as_of).
So everything is derived once more from the same two, from nothing, in a lake of its own (catalog
schema `timeback_proof`, files in the data directory), and compared with what readers see. Nothing
that readers or builds use is written or locked; the build is pinned while it is being proved.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from core import lake
from core.builds import comparison, locks, registry
from core.builds.build import BuildFailedError
from core.builds.comparison import Show, TableComparison
from core.builds.project import PROJECT, hash_project
from core.builds.registry import Build
from core.builds.runner import DbtProject, dbt_environment, summarize
from core.errors import ConflictError, NotFoundError
from core.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

APPLICATION_NAME = "timeback-proof"
CATALOG_SCHEMA = "timeback_proof"  # as in profiles.yml


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
        with scratch_lake(settings, connection) as scratch:
            manifest = rebuild(settings, url, build, scratch, show)
            with lake.open_duckdb(settings) as duck:
                attach = partial(
                    lake.attach, duck, url=url, read_only=True, application_name=APPLICATION_NAME
                )
                attach(settings, alias="published", snapshot=build.published_snapshot)
                attach(scratch, alias="rebuilt", metadata_schema=CATALOG_SCHEMA)
                keys = unique_keys(manifest)
                tables = list(
                    comparison.compare(duck, keys, show, rows=rows, ignored=notes(manifest))
                )
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
def scratch_lake(settings: Settings, connection: psycopg.Connection[Any]) -> Iterator[Settings]:
    """Settings whose lake is an empty one beside the lake, gone afterwards.

    What a killed proof left is removed first; the caller holds the lock.
    """
    folder = settings.root / "proof"

    def remove() -> None:
        locks.fence(connection, APPLICATION_NAME)
        connection.execute(f"drop schema if exists {CATALOG_SCHEMA} cascade")
        shutil.rmtree(folder, ignore_errors=True)

    remove()
    folder.mkdir(parents=True)
    try:
        # A path of its own each time: dbt keeps the lake of an equal profile attached.
        place = tempfile.mkdtemp(dir=folder)
        yield settings.model_copy(update={"data_path": f"{place}/lake"})
    finally:
        remove()


def rebuild(
    settings: Settings, url: str, build: Build, scratch: Settings, show: Show
) -> "Manifest":
    """Run every model from nothing, at the build's source and as_of."""
    work = Path(scratch.lake_path).parent / "dbt"
    project = DbtProject(PROJECT, work, target="proof")
    work.mkdir()
    os.environ |= dbt_environment(
        settings,
        url,
        build.source_snapshot,
        application_name=APPLICATION_NAME,
        work_database=work / "work.duckdb",
    )
    os.environ["TIMEBACK_PROOF_PATH"] = scratch.lake_path
    finished = 0
    show(0, 1, "Rebuilding from raw")

    def follow(event: "EventMsg") -> None:
        nonlocal finished
        if event.info.name == "NodeFinished":
            finished += 1
            show(finished, models_in(project.manifest), "Rebuilding from raw")

    result = project.run(
        ["run", "--full-refresh"],
        variables={"as_of": build.as_of.astimezone(UTC).isoformat()},
        callbacks=[follow],
    )
    if not result.success:
        failures = summarize(result)["failures"]
        raise BuildFailedError("; ".join(failures) or str(result.exception))
    return project.manifest


def models_in(manifest: "Manifest") -> int:
    """How many models the project has."""
    from dbt.contracts.graph.nodes import ModelNode

    return sum(isinstance(node, ModelNode) for node in manifest.nodes.values())


def notes(manifest: "Manifest") -> set[str]:
    """Tables (`schema.name`) that small builds only add to: what they once saw, not what holds."""
    from dbt.contracts.graph.nodes import ModelNode

    return {
        f"{node.schema}.{node.name}"
        for node in manifest.nodes.values()
        if isinstance(node, ModelNode) and node.config.incremental_strategy == "append"
    }


def unique_keys(manifest: "Manifest") -> Mapping[str, tuple[str, ...]]:
    """For each table (`schema.name`) the columns that its data tests say to be unique."""
    from dbt.contracts.graph.nodes import GenericTestNode

    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest.nodes.values():
        if not isinstance(node, GenericTestNode):
            continue
        arguments = node.test_metadata.kwargs
        columns = {
            "unique": (arguments.get("column_name"),),
            "unique_together": tuple(arguments.get("columns", ())),
        }.get(node.test_metadata.name)
        model = manifest.nodes.get(node.attached_node or "")
        if columns is not None and model is not None:
            keys.setdefault(f"{model.schema}.{model.name}", columns)
    return keys

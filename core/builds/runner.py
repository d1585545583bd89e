"""The dbt project as Python runs it: parsed once per version, each run in a warm process.

dbt takes more than a second to import, so only what runs it does.
"""

import gc
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import duckdb
import psutil

from core import lake, postgres
from core.builds.project import hash_project
from core.settings import Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg


class DbtProject:
    """A dbt project whose artifacts lie in `work`, run against one target of its profile.

    Parsing takes seconds and depends on nothing but the project's files, so all that a process
    runs shares it.
    """

    _parsed: ClassVar[dict[tuple[Path, str], tuple[str, "Manifest"]]] = {}

    def __init__(self, path: Path, work: Path, *, target: str = "lake") -> None:
        self._path = path
        self._work = work
        self._target = target

    @staticmethod
    def let_go() -> None:
        """Close the database that dbt keeps open between the runs of a process."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        gc.collect()  # dbt closes it by dropping the last reference

    @property
    def manifest(self) -> "Manifest":
        """What the last run was parsed from; only after a run."""
        return self._parsed[self._path, self._target][1]

    def run(
        self,
        command: Sequence[str],
        *,
        variables: Mapping[str, str | int],
        callbacks: Sequence[Callable[["EventMsg"], None]] = (),
    ) -> "dbtRunnerResult":
        """Run a dbt command on the environment's lake; what went wrong is in the result."""
        from dbt.cli.main import dbtRunner, dbtRunnerResult
        from dbt.contracts.graph.manifest import Manifest

        options = [
            "--project-dir", str(self._path),
            "--profiles-dir", str(self._path),
            "--target", self._target,
            "--target-path", str(self._work / "target"),
            "--log-path", str(self._work / "logs"),
            "--vars", json.dumps(variables),
            "--no-write-json", "--log-level-file", "error",
        ]  # fmt: skip
        key, project_hash = (self._path, self._target), hash_project(self._path)
        try:
            if self._parsed.get(key, ("",))[0] != project_hash:
                parsed = dbtRunner().invoke(["--quiet", "parse", *options])
                if not isinstance(parsed.result, Manifest):
                    return parsed
                self._parsed[key] = (project_hash, parsed.result)
            runner = dbtRunner(manifest=self.manifest, callbacks=list(callbacks))
            return runner.invoke(["--quiet", *command, *options])
        except duckdb.Error as error:
            return dbtRunnerResult(success=False, exception=error)


def dbt_environment(
    settings: Settings,
    url: str,
    source_snapshot: int,
    *,
    application_name: str = "timeback-dbt",
    work_database: Path | None = None,
) -> dict[str, str]:
    """The environment that dbt_project/profiles.yml reads.

    Working tables lie in the file `work_database`, or in memory.
    """
    return {
        "TIMEBACK_LAKE_DSN": postgres.libpq_dsn(url, application_name),
        "TIMEBACK_LAKE_PATH": settings.lake_path,
        "TIMEBACK_EXTENSION_DIRECTORY": str(lake.install_extensions(settings)),
        "TIMEBACK_SOURCE_SNAPSHOT": str(source_snapshot),
        "TIMEBACK_WORK_DATABASE": str(work_database or ":memory:"),
        "TIMEBACK_BUILD_MEMORY": f"{psutil.virtual_memory().total >> 21}MiB",  # half of it
        "TIMEBACK_TEMP_DIRECTORY": str(settings.temp_directory),
        "TIMEBACK_BUILD_THREADS": str(settings.build_threads),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def summarize(result: "dbtRunnerResult") -> dict[str, Any]:
    """Counts of what dbt ran, and a line for each node that failed."""
    ran = list(getattr(result.result, "results", None) or [])
    statuses = [str(node.status) for node in ran]
    failures = [
        f"{node.node.unique_id}: {(node.message or node.status).strip()}"
        for node in ran
        if str(node.status) in {"error", "fail", "runtime error"}
    ]
    return {
        "nodes": len(ran),
        "tests": sum(1 for node in ran if node.node.resource_type == "test"),
        "warnings": statuses.count("warn"),
        "failures": failures[:20],
    }

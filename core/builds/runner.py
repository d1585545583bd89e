"""dbt by hand: for analysts and for docs, beside what builds run.

What changes tables works on a native file of its own (`dbt/by-hand.duckdb`), so that nothing of it
is published; what only reads sees the marts as they are published. dbt takes more than a second to
import, so only what runs it does.
"""

import gc
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from core import lake, postgres
from core.builds.project import PROJECT, hash_project
from core.settings import Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

READING = frozenset({"compile", "docs", "list", "ls", "parse", "show", "source"})
APPLICATION_NAME = "timeback-dbt"

_parsed: dict[tuple[Path, str], tuple[str, "Manifest"]] = {}


def by_hand(settings: Settings) -> Path:
    """The file in which `dbt build` by hand keeps its tables."""
    return settings.root / "dbt" / "by-hand.duckdb"


def run_dbt(
    settings: Settings,
    command: Sequence[str],
    artifacts: Path,
    *,
    project: Path = PROJECT,
    variables: Mapping[str, str | int] | None = None,
    source_snapshot: int | None = None,
    is_quiet: bool = False,
) -> "dbtRunnerResult":
    """Run a dbt command; what went wrong is in the result.

    dbt's artifacts (manifest.json, sources.json, …) go to the folder `artifacts`. Raw is read as it
    stood at `source_snapshot`, or as it is now. The project is parsed once per process and version.
    """
    from dbt.cli.main import dbtRunner, dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

    target = "published" if command[0] in READING else "warehouse"
    os.environ |= _environment(settings, source_snapshot)
    options = [
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        "--target",
        target,
        "--target-path",
        str(artifacts),
        "--log-path",
        str(artifacts / "logs"),
        "--log-level-file",
        "error",
    ]
    if variables:
        options += ["--vars", json.dumps(variables)]
    key, project_hash = (project, target), hash_project(project)
    try:
        if _parsed.get(key, ("",))[0] != project_hash:
            parsed = dbtRunner().invoke(["--quiet", "parse", *options])
            if not isinstance(parsed.result, Manifest):
                return parsed
            _parsed[key] = (project_hash, parsed.result)
        quiet = ["--quiet"] if is_quiet else []
        return dbtRunner(manifest=_parsed[key][1]).invoke([*quiet, *command, *options])
    except duckdb.Error as error:
        return dbtRunnerResult(success=False, exception=error)
    finally:
        _let_go()


def _let_go() -> None:
    """Close the databases that dbt keeps open between the runs of a process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    gc.collect()  # dbt closes them by dropping the last reference


def _environment(settings: Settings, source_snapshot: int | None) -> dict[str, str]:
    """The environment that dbt_project/profiles.yml reads."""
    path = by_hand(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    url = postgres.database_url(settings)
    return {
        "TIMEBACK_LAKE_DSN": postgres.libpq_dsn(url, APPLICATION_NAME),
        "TIMEBACK_LAKE_PATH": settings.lake_path,
        "TIMEBACK_EXTENSION_DIRECTORY": str(lake.install_extensions(settings)),
        "TIMEBACK_SOURCE_SNAPSHOT": "" if source_snapshot is None else str(source_snapshot),
        "TIMEBACK_WAREHOUSE_DATABASE": str(path),
        "TIMEBACK_TEMP_DIRECTORY": str(settings.temp_directory),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }

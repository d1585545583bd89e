"""The dbt project as the builder runs it: compiled once per version, kept as one file.

dbt is the home of every model and test; its own work for each of them costs more than their SQL. So
a build runs what dbt compiled (plan.py). The file is named by the hash of the project.
"""

import json
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from core.builds.plan import Kind, Plan, Relation, Step, Test
from core.builds.project import PROJECT, hash_project
from core.errors import AppError
from core.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

BOUND = re.compile(r"getvariable\('(\w+)\.(\w+)'\)")
FORMER = re.compile(r"warehouse\.\w+\.(\w+)\s*/\* previous \*/")
OF_THE_BUILD = re.compile(r"getvariable\('(as_of|since_load_id|since_as_of)'\)")
REDONE = "analysis.timeback_warehouse.redone"


class CompileFailedError(AppError):
    """dbt cannot read the project."""

    status = 500
    code = "compile_failed"


def load_plan(settings: Settings, project: Path = PROJECT) -> Plan:
    """The plan of the project as it is now, compiled if it was not yet; seconds the first time."""
    folder = settings.compiled_dir or settings.root / "dbt"
    path = folder / f"plan-{hash_project(project)[:16]}.json"
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=Plan)
    plan = compile_plan(project)
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(msgspec.json.encode(plan))
    part.replace(path)
    return plan


def compile_plan(project: Path) -> Plan:
    """Compile the project twice: all rows for a full build, the touched ones for a small one."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        manifest = _invoke("parse", project, work)
        small = _compiled(_invoke("compile", project, work, manifest=manifest))
        full = _compiled(_invoke("compile", project, work, "--full-refresh", manifest=manifest))
    return _plan(manifest, full, small, hash_project(project))


def _invoke(
    command: str, project: Path, work: str, *options: str, manifest: "Manifest | None" = None
) -> "Manifest":
    """Run dbt for the target `plan`; the manifest with what it parsed or compiled."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    arguments = [
        "--quiet",
        command,
        *options,
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        "--target",
        "plan",
        "--target-path",
        f"{work}/target",
        "--log-path",
        f"{work}/logs",
        "--no-write-json",
        "--log-level-file",
        "none",
    ]
    result = dbtRunner(manifest=manifest).invoke(arguments)
    if not result.success:
        raise CompileFailedError(f"dbt {command} failed: {result.exception or result.result}")
    found = manifest or result.result
    assert isinstance(found, Manifest)  # noqa: S101  what parse answers
    return found


def _compiled(manifest: "Manifest") -> dict[str, str]:
    """What dbt compiled, by node."""
    from dbt.contracts.graph.nodes import SeedNode

    return {
        unique_id: str(node.compiled_code)
        for unique_id, node in manifest.nodes.items()
        if not isinstance(node, SeedNode) and node.compiled_code
    }


def _plan(
    manifest: "Manifest", full: Mapping[str, str], small: Mapping[str, str], project_hash: str
) -> Plan:
    from dbt.contracts.graph.nodes import GenericTestNode, ModelNode, SingularTestNode

    redo: dict[str, str] = json.loads(small[REDONE])
    bounds = defaultdict(set)
    for sql in [*small.values(), *redo.values()]:
        for touched, column in BOUND.findall(sql):
            bounds[touched].add(column)
    keys = unique_keys(manifest)
    steps = []
    for unique_id in _in_order(manifest):
        node = manifest.nodes[unique_id]
        assert isinstance(node, ModelNode)  # noqa: S101  told apart by _in_order
        config = node.config
        is_lasting = config.materialized == "incremental"
        kind = Kind.LASTING if is_lasting else Kind(config.materialized)
        steps.append(
            Step(
                unique_id=unique_id,
                relation=Relation(node.schema, node.name),
                kind=kind,
                full_kind=Kind(config.meta.get("full_kind", kind)),
                full=full[unique_id],
                small=small[unique_id],
                redo=_statements(redo.get(node.name)) if is_lasting else [],
                bounds=sorted(bounds[node.name]),
                columns={
                    name: column.data_type
                    for name, column in node.columns.items()
                    if config.contract.enforced and column.data_type
                },
                unique_key=list(keys.get(node.name, ())),
                sorted_by=config.get("sorted_by") or [],
                partitioned_by=config.get("partitioned_by") or [],
                reads=[one.rpartition(".")[2] for one in _models_read(node)],
                reads_former=sorted(set(FORMER.findall(small[unique_id]))),
                is_timed=bool(OF_THE_BUILD.search(small[unique_id]))
                or any(one.startswith("source.") for one in node.depends_on_nodes),
                empty_with=config.meta.get("empty_with"),
            )
        )
    tests = [
        Test(unique_id=unique_id, full=full[unique_id], small=small[unique_id])
        for unique_id, node in sorted(manifest.nodes.items())
        if isinstance(node, GenericTestNode | SingularTestNode)
    ]
    return Plan(project_hash=project_hash, steps=steps, tests=tests)


def _in_order(manifest: "Manifest") -> Iterator[str]:
    """The models, each after those that it reads; among equals by name."""
    from graphlib import TopologicalSorter

    models = {
        unique_id: _models_read(node)
        for unique_id, node in manifest.nodes.items()
        if unique_id.startswith("model.")
    }
    sorter = TopologicalSorter(models)
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        yield from ready
        sorter.done(*ready)


def _models_read(node: Any) -> list[str]:
    return sorted(one for one in node.depends_on_nodes if one.startswith("model."))


def _statements(sql: str | None) -> list[str]:
    return [one.strip() for one in (sql or "").split(";") if one.strip()]


def unique_keys(manifest: "Manifest") -> dict[str, tuple[str, ...]]:
    """For each model the columns that its data tests say to be unique together."""
    from dbt.contracts.graph.nodes import GenericTestNode

    found: dict[str, tuple[str, ...]] = {}
    for node in manifest.nodes.values():
        if not isinstance(node, GenericTestNode):
            continue
        arguments: dict[str, Any] = node.test_metadata.kwargs
        columns = {
            "unique": (arguments.get("column_name"),),
            "unique_together": tuple(arguments.get("columns", ())),
        }.get(node.test_metadata.name)
        model = manifest.nodes.get(node.attached_node or "")
        if columns is not None and model is not None:
            found.setdefault(model.name, columns)
    return found

"""Everything in the dbt project is described: models, columns, sources, macros and vars."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from core.builds.project import PROJECT

NAME = "timeback_warehouse"
PLUMBING = re.compile(
    r"get_incremental_|generate_|attach_|marked_|(.*_)?build_mark|sorted_by|replace_|redo|working"
    r"|units_of|touched_rows|is_(small_build|plan|lasting|redone)|get_where_subquery|materialization_"
)
VAR = re.compile(r"^  (?P<name>\w+): (?P<value>[^#]*?)(?:\s+# (?P<comment>.+))?$")
UNITS_IN_NAMES = ("_minutes", "_hours", "_hour", "_seconds", "_days", "_ratio", "_count")
UNITS = re.compile(
    r"\b(XP|items|answers|school days|days|weekdays|hours?|minutes?|seconds?|chance|known|share"
    r"|load|ISO 8601|RFC 9562|missed)\b"
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The project as dbt reads it; nothing is connected."""
    target = tmp_path_factory.mktemp("manifest")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("LAKE_DSN", "LAKE_PATH", "EXTENSION_DIRECTORY"):
            environment.setenv(f"TIMEBACK_{name}", str(target))
        result = dbtRunner().invoke(
            [
                "--quiet",
                "parse",
                "--project-dir",
                str(PROJECT),
                "--profiles-dir",
                str(PROJECT),
                "--target-path",
                str(target),
                "--log-path",
                str(target),
            ]
        )
    assert isinstance(result.result, Manifest), result.exception
    return result.result


def ours(nodes: Mapping[str, Any]) -> list[Any]:
    return [node for node in nodes.values() if node.package_name == NAME]


def undescribed(relation: Any) -> list[str]:
    """The relation and its columns, as far as they lack a description."""
    named = {relation.name: relation.description} | {
        f"{relation.name}.{column.name}": column.description for column in relation.columns.values()
    }
    return [name for name, description in named.items() if not description.strip()]


def test_every_model_and_column_is_described(manifest: Manifest) -> None:
    models = [node for node in ours(manifest.nodes) if node.resource_type == "model"]
    assert len(models) > 80
    assert [name for model in models for name in undescribed(model)] == []
    assert [model.name for model in models if not model.columns] == []


def test_a_mart_promises_its_columns_so_that_none_can_be_left_out(manifest: Manifest) -> None:
    marts = [node for node in ours(manifest.nodes) if node.fqn[1] == "marts" and node.columns]
    assert len(marts) > 20
    assert [mart.name for mart in marts if not mart.config.contract.enforced] == []
    assert [
        f"{mart.name}.{column.name}"
        for mart in marts
        for column in mart.columns.values()
        if not column.data_type
    ] == []


def test_every_source_table_is_described_with_the_columns_that_it_has(manifest: Manifest) -> None:
    created = dict(
        re.findall(
            r"create table if not exists lake\.raw\.(\w+) \((.*?)\n\);",
            (PROJECT.parent / "core" / "raw_schema.sql").read_text(),
            re.DOTALL,
        )
    )
    sources = {source.name: source for source in ours(manifest.sources)}
    assert sources.keys() == created.keys()
    for name, body in created.items():
        assert undescribed(sources[name]) == []
        there = re.findall(r"^    (\w+) \w+", body, re.MULTILINE)
        assert list(sources[name].columns) == there, name


def test_every_macro_that_models_call_is_described_with_its_arguments(manifest: Manifest) -> None:
    macros = [macro for macro in ours(manifest.macros) if not PLUMBING.match(macro.name)]
    assert len(macros) > 10
    assert [macro.name for macro in macros if not macro.description] == []
    for macro in macros:
        signature = re.search(
            rf"(?:macro|test) {macro.name.removeprefix('test_')}\((.*?)\)\s*-?%}}",
            macro.macro_sql,
            re.DOTALL,
        )
        assert signature, macro.name
        names = re.findall(r"(\w+)(?:=[^,]*)?(?:,|$)", signature[1].replace("\n", " ").strip())
        assert [argument.name for argument in macro.arguments] == names, macro.name
        assert all(argument.description for argument in macro.arguments), macro.name


def test_every_test_by_itself_says_first_what_it_proves() -> None:
    for path in (PROJECT / "data-tests").rglob("*.sql"):
        if path.parent.name != "generic":
            assert path.read_text().startswith("-- "), path.name


def test_every_var_has_a_unit_and_a_reason() -> None:
    text = (PROJECT / "dbt_project.yml").read_text()
    lines = text.partition("\nvars:\n")[2].splitlines()
    described: dict[str, str] = {}
    above = ""
    for line in lines:
        if line.lstrip().startswith("#"):
            above = f"{above} {line.strip(' #')}"
        elif found := VAR.match(line):
            described[found["name"]] = found["comment"] or above
            above = ""
        else:
            above = ""
    assert described.keys() == yaml.safe_load(text)["vars"].keys()
    for name, comment in described.items():
        assert len(comment.split()) >= 3, f"{name} has no reason"
        assert name.endswith(UNITS_IN_NAMES) or UNITS.search(comment), f"{name} has no unit"


def test_the_words_of_a_column_are_used_in_some_column(manifest: Manifest) -> None:
    """A doc block that nothing names any more is deleted."""
    used = set()
    for path in (PROJECT / "models").rglob("*.yml"):
        used |= set(re.findall(r'doc\("(\w+)"\)', path.read_text()))
    blocks = {
        doc.name for doc in ours(manifest.docs) if Path(doc.original_file_path).stem != "overview"
    }
    assert blocks - used == set()

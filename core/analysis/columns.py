"""What an analyst may see of the marts: the tables and columns that the project's yml documents.

Deny by default: a table or column that the yml does not name is not shown at all, and one that it
calls personal only to those who may read names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MODELS = Path("models")
DOC = re.compile(r"\{\{\s*doc\(\s*['\"](\w+)['\"]\s*\)\s*\}\}")
DOC_BLOCK = re.compile(r"\{%\s*docs (\w+)\s*%\}(.*?)\{%\s*enddocs\s*%\}", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """A column of a mart. `kind` is its DuckDB type."""

    name: str
    kind: str
    description: str
    is_personal: bool


@dataclass(frozen=True)
class Mart:
    """A mart as the yml describes it."""

    name: str
    description: str
    columns: tuple[Column, ...]

    def shown(self, *, with_names: bool) -> tuple[Column, ...]:
        """The columns to show, in the yml's order; with_names: also the personal ones."""
        return tuple(column for column in self.columns if with_names or not column.is_personal)


@cache
def read_marts(project: Path) -> dict[str, Mart]:
    """Every mart that the project documents, by name."""
    blocks = {
        name: " ".join(text.split())
        for path in sorted((project / MODELS).rglob("*.md"))
        for name, text in DOC_BLOCK.findall(path.read_text())
    }

    def words(said: Mapping[str, Any]) -> str:
        text = DOC.sub(lambda found: blocks.get(found[1], ""), str(said.get("description", "")))
        return " ".join(text.split())

    return {
        str(model["name"]): Mart(
            str(model["name"]),
            words(model),
            tuple(
                Column(
                    str(column["name"]),
                    str(column.get("data_type", "varchar")),
                    words(column),
                    _is_personal(column),
                )
                for column in model.get("columns", [])
            ),
        )
        for model in _models(project)
    }


def _is_personal(column: Mapping[str, Any]) -> bool:
    """A column's yml marks names, e-mail addresses and what people wrote about a student.

    It says `config: {meta: {personal: true}}`.
    """
    return bool(column.get("config", {}).get("meta", {}).get("personal", False))


def _models(project: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((project / MODELS / "marts").rglob("*.yml")):
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        yield from document.get("models", [])

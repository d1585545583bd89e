"""Which columns of the marts an analyst sees: those documented and not called personal.

Deny by default: a table or column that the project's yml does not name is not shown at all.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

MARTS = Path("models") / "marts"


def marts_of(project: Path, *, with_names: bool) -> dict[str, list[str]]:
    """The columns to show of each mart, in the yml's order; with_names: also the personal ones.

    A column is personal where its yml says `config: {meta: {personal: true}}`: names, e-mail
    addresses, and what people wrote about a student.
    """
    return {
        str(model["name"]): [
            str(column["name"])
            for column in model.get("columns", [])
            if with_names or not is_personal(column)
        ]
        for model in _models(project)
    }


def is_personal(column: Mapping[str, Any]) -> bool:
    """Whether a column's yml marks it as personal."""
    return bool(column.get("config", {}).get("meta", {}).get("personal", False))


def _models(project: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((project / MARTS).rglob("*.yml")):
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        yield from document.get("models", [])

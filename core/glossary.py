"""Each name on the wire means one thing everywhere; what it means is written once.

`glossary.toml` holds a description and an example for each. A model whose field says more than
its name does describes that field itself, and its words win.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


def describe(schema: dict[str, Any]) -> None:
    """Add to a model's JSON schema what its fields do not say of themselves.

    Use as `json_schema_extra` of a pydantic model.
    """
    for name, field in schema.get("properties", {}).items():
        known = _entries().get(name, {})
        if "description" in known:
            field.setdefault("description", known["description"])
        if "examples" not in field and not _refers(field):
            example = _only_value(field) or known.get("example")
            if example is not None:
                field["examples"] = [example]


def describe_sparse(schema: dict[str, Any]) -> None:
    """As `describe`, for records of which `fields=` may leave out any field: none is required."""
    describe(schema)
    schema.pop("required", None)


def _only_value(field: dict[str, Any]) -> Any:
    """The first of the values that an enumeration lists."""
    for part in (field, *field.get("anyOf", ())):
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return part["enum"][0]
    return None


def _refers(field: dict[str, Any]) -> bool:
    """Whether the field holds other models, which have examples of their own."""
    return "$ref" in str(field)


@cache
def _entries() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "glossary.toml").read_text())

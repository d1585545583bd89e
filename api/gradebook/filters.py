"""OneRoster's filter, sort and field selection over the gradebook's columns.

The language is the roster's (OneRoster 1.2 section 3.3.3), compiled to DuckDB with parameters.
Times are compared as instants, and with a bare date as days of the student's school.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from core.access import Condition
from core.errors import Fault, MalformedError
from core.registry.filters import (
    GRAMMAR,
    MOST_CHARACTERS,
    MOST_COMPARISONS,
    FilterError,
    read_time,
)


@dataclass(frozen=True)
class Field:
    """A wire name's SQL expression and how it is compared; a `Time` by its instant or day."""

    sql: str
    kind: "Literal['text', 'number'] | Time" = "text"


@dataclass(frozen=True)
class Time:
    """The instant of a field and the day that it was at the student's school, as SQL."""

    at: str
    on: str


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, start="either", parser="lalr")


def compile_filter(text: str | None, fields: Mapping[str, Field]) -> Condition | None:
    """The filter as a condition, None if none was sent; 400 says what cannot be read."""
    if text is None:
        return None
    if len(text) > MOST_CHARACTERS or "\0" in text:
        raise FilterError(f"A filter has at most {MOST_CHARACTERS} characters and no NUL.")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput:
        raise FilterError(
            "The filter cannot be read; write field='value' AND other>='value'."
        ) from None
    if sum(1 for _ in tree.find_data("comparison")) > MOST_COMPARISONS:
        raise FilterError(f"A filter has at most {MOST_COMPARISONS} comparisons.")
    parameters: dict[str, Any] = {}
    return Condition(_compile(tree, fields, parameters), parameters)


def compile_sort(
    name: str | None, direction: Literal["asc", "desc"], fields: Mapping[str, Field]
) -> str:
    """The `order by` of `sort=` and `orderBy=`; ties break by sourcedId."""
    if name is not None and name not in fields:
        raise _unknown("sort", name, fields, "invalid_sort_field")
    chosen = fields[name or "sourcedId"].sql
    return f"{chosen} {direction} nulls last, {fields['sourcedId'].sql}"


def check_selection(text: str | None, known: Mapping[str, str]) -> set[str] | None:
    """Our names of the wire names in `fields=`, None if all are wanted; 400 names a stranger."""
    if text is None:
        return None
    names = {name.strip() for name in text.split(",") if name.strip()}
    for name in sorted(names - set(known)):
        raise _unknown("fields", name, known, "invalid_selection_field")
    return {known[name] for name in names}


def _compile(tree: Tree[Token], fields: Mapping[str, Field], parameters: dict[str, Any]) -> str:
    if tree.data != "comparison":
        joint = " or " if tree.data == "either" else " and "
        parts = [
            _compile(part, fields, parameters) for part in tree.children if isinstance(part, Tree)
        ]
        return f"({joint.join(parts)})"
    name, operator, quoted = map(str, tree.children)
    if name not in fields:
        raise FilterError(f"{name} is not a field here; fields are {', '.join(sorted(fields))}.")
    field, value = fields[name], quoted[1:-1].replace("''", "'")
    key = f"filter_{len(parameters)}"
    parameters[key] = value
    if operator == "~":
        return f"contains(lower({field.sql}::varchar), lower(${key}))"
    compared = field.sql
    if field.kind == "number":
        try:
            parameters[key] = float(value)
        except ValueError:
            raise FilterError(f"{name} is a number; {value!r} is not.") from None
    elif isinstance(field.kind, Time):
        parameters[key] = sent = read_time(name, value)
        compared = field.kind.at if isinstance(sent, datetime) else field.kind.on
    if operator == "!=":
        return f"{compared} is distinct from ${key}"
    return f"coalesce({compared} {operator} ${key}, false)"


def _unknown(parameter: str, name: str, known: Mapping[str, object], code: str) -> MalformedError:
    message = f"{name} is not a field here; fields are {', '.join(sorted(known))}."
    return MalformedError(message, code=code, faults=(Fault(f"query.{parameter}", message),))

"""OneRoster's filter language, compiled to SQL with parameters (OneRoster 1.2 section 3.3.3).

`field op 'value'` joined by AND and OR, with parentheses; AND binds tighter. Names are dotted; a
name that meets a list holds if one of its members does, `!=` if none is equal. `~` means contains,
in any case. Numbers are compared as numbers, `dateLastModified` as an instant (with a bare date, as
a day in UTC), days as days, everything else as text.
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from core.access import Condition
from core.errors import Fault, MalformedError
from core.registry.values import as_day

GRAMMAR = r"""
    ?either: both (_OR both)*
    ?both: term (_AND term)*
    ?term: comparison | "(" either ")"
    comparison: NAME OPERATOR VALUE
    NAME: /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
    OPERATOR: "!=" | ">=" | "<=" | "=" | ">" | "<" | "~"
    VALUE: /'(?:[^']|'')*'/
    _AND.2: /AND\b/i
    _OR.2: /OR\b/i
    %ignore /[ \t\r\n]+/
"""
DAYS = frozenset({"beginDate", "endDate", "startDate"})
MOST_CHARACTERS = 4_000
MOST_COMPARISONS = 50


class FilterError(MalformedError):
    """400: the filter cannot be read."""

    code = "invalid_filter"
    minor = "invalid_filter_field"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, faults=(Fault("query.filter", detail),))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, start="either", parser="lalr")


def compile_filter(
    text: str, field_names: Collection[str], document: Callable[[str], str]
) -> Condition:
    """A condition; 400 says what cannot be read and where.

    `document` tells the jsonb expression in which a top-level field is looked up.
    """
    if len(text) > MOST_CHARACTERS or "\x00" in text:
        raise FilterError(f"A filter has at most {MOST_CHARACTERS} characters and no NUL.")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        place = f"position {error.column}" if error.column > 0 else "the end"
        raise FilterError(
            f"The filter cannot be read at {place}; write field='value' AND other>='value'."
        ) from error
    if sum(1 for _ in tree.find_data("comparison")) > MOST_COMPARISONS:
        raise FilterError(f"A filter has at most {MOST_COMPARISONS} comparisons.")
    parameters: dict[str, Any] = {}
    sql = _compile(tree, frozenset(field_names), document, parameters)
    return Condition(sql, parameters)


def _compile(
    tree: Tree[Token],
    names: frozenset[str],
    document: Callable[[str], str],
    parameters: dict[str, Any],
) -> str:
    if tree.data == "comparison":
        name, operator, quoted = map(str, tree.children)
        return _comparison(name, operator, quoted, names, document, parameters)
    joint = " or " if tree.data == "either" else " and "
    parts = [
        _compile(child, names, document, parameters)
        for child in tree.children
        if isinstance(child, Tree)
    ]
    return f"({joint.join(parts)})"


def _comparison(
    name: str,
    operator: str,
    quoted: str,
    names: frozenset[str],
    document: Callable[[str], str],
    parameters: dict[str, Any],
) -> str:
    check_field(name, names, FilterError)
    value = quoted[1:-1].replace("''", "'")
    member = "member #>> '{}'"
    if name == "dateLastModified" and operator != "~":
        value = _as_wire_time(read_time(name, value))
        member = f"left({member}, {len(value)})"
    elif name.split(".")[-1] in DAYS and not name.startswith("metadata.") and operator != "~":
        value = _as_day(name, value)
    number = len(parameters) // 3
    parameters[f"filter_path_{number}"] = json_path(name)
    parameters[f"filter_text_{number}"] = value
    parameters[f"filter_number_{number}"] = _as_number(value)
    members = (
        f"jsonb_path_query({document(name.split('.')[0])}, %(filter_path_{number})s::jsonpath)"
    )
    text = f"%(filter_text_{number})s"
    if operator == "~":
        test = f"strpos(lower(member #>> '{{}}'), lower({text})) > 0"
    else:
        sign = "=" if operator == "!=" else operator
        test = (
            f"case when jsonb_typeof(member) = 'number'"
            f" and %(filter_number_{number})s::numeric is not null"
            f" then (member #>> '{{}}')::numeric {sign} %(filter_number_{number})s::numeric"
            f' else ({member}) collate "C" {sign} {text} end'
        )
    found = f"exists (select from {members} as member where {test})"
    return f"not {found}" if operator == "!=" else found


def check_field(name: str, names: Collection[str], error: type[MalformedError]) -> None:
    """Refuse a name whose first part is no field of the record."""
    if name.split(".")[0] not in names:
        raise error(f"{name} is not a field here; fields are {', '.join(sorted(names))}.")


def json_path(name: str) -> str:
    """The jsonpath of a dotted name; lists on the way are opened (SQL/JSON lax mode)."""
    return "lax $" + "".join(f'."{part}"' for part in name.split(".")) + "[*]"


def _as_number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 300 else None


def read_time(name: str, value: str) -> date | datetime:
    """The day of a bare date, else the instant (without an offset: UTC); FilterError if neither."""
    try:
        if len(value) == len("2026-01-31"):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise FilterError(
            f"{name} is a time; {value!r} is no ISO 8601 date or time, such as"
            " 2026-01-31T08:00:00Z."
        ) from error


def _as_wire_time(sent: date | datetime) -> str:
    if not isinstance(sent, datetime):
        return sent.isoformat()
    return sent.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _as_day(name: str, value: str) -> str:
    """The day as it was written, as in a record (`values.Day`)."""
    try:
        return as_day(value)
    except ValueError as error:
        raise FilterError(f"{name} is a day; {value!r} is none, such as 2026-01-31.") from error

"""Which marts a route can read and which routes a page can ask, found in the code itself.

Starting from a function, every name that it uses is followed through the package's modules, and a
method by its name whatever its object is. So what is found is all that could be read, never less.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MART = re.compile(r"\b(?:dim|fct|agg)_[a-z_]+\b")
FOLLOWED = ("api", "core.access", "dashboards")


@dataclass(frozen=True)
class Module:
    """A module's definitions by name, and what its imported names stand for."""

    name: str
    definitions: dict[str, list[ast.stmt]]
    imports: dict[str, str]  # local name: dotted name of a module or of what it defines
    methods: dict[str, list[ast.stmt]]


@cache
def read(name: str) -> Module | None:
    """The module of that dotted name, if it is one that is followed."""
    if not any(name == root or name.startswith(f"{root}.") for root in FOLLOWED):
        return None
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None or spec.origin is None:
        return None
    module = Module(name, {}, {}, {})
    for statement in ast.parse(Path(spec.origin).read_text()).body:
        for bound in _bound(statement):
            module.definitions.setdefault(bound, []).extend(_run_by_naming(statement))
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                module.imports[alias.asname or alias.name] = f"{statement.module}.{alias.name}"
        if isinstance(statement, ast.ClassDef):
            for part in statement.body:
                for bound in _bound(part):
                    module.methods.setdefault(bound, []).append(part)
    return module


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case _:
            yield ""


def _run_by_naming(statement: ast.stmt) -> list[ast.stmt]:
    """What using a name can run: of a class its fields and special methods alone."""
    if not isinstance(statement, ast.ClassDef):
        return [statement]
    return [
        part
        for part in statement.body
        if not isinstance(part, ast.FunctionDef) or part.name.startswith("__")
    ]


def strings_from(starts: Iterable[tuple[str, str]]) -> set[str]:
    """Every string that the definitions (module, name) can reach; `{}` where one is filled in.

    A start with an empty name is what the module does when it is imported.
    """
    found: set[str] = set()
    waiting, seen = list(starts), set()
    while waiting:
        place = waiting.pop()
        module = read(place[0])
        if place in seen or module is None:
            continue
        seen.add(place)
        for statement in module.definitions.get(place[1], []) + module.methods.get(place[1], []):
            found |= set(_strings(statement))
            waiting += _uses(module, statement)
    return found


def _strings(statement: ast.stmt) -> Iterator[str]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(statement)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )


def _uses(module: Module, statement: ast.stmt) -> Iterator[tuple[str, str]]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            if node.id in module.definitions:
                yield module.name, node.id
            elif node.id in module.imports:
                yield _split(module.imports[node.id])
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner in module.imports and read(module.imports[owner]) is not None:
                yield module.imports[owner], node.attr
            else:
                for other in [module.name, *(_split(name)[0] for name in module.imports.values())]:
                    known = read(other)
                    if known is not None and node.attr in known.methods:
                        yield other, node.attr


def _split(dotted: str) -> tuple[str, str]:
    if read(dotted) is not None:
        return dotted, "."  # a module named without what is used of it: followed at its use
    module, _, name = dotted.rpartition(".")
    return module, name


def marts_of(module: str, function: str) -> set[str]:
    """The marts that a route's function can read."""
    texts = strings_from([(module, function)])
    return {name for text in texts for name in MART.findall(text)}

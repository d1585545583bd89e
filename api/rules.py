"""The rules behind the figures, read from the dbt project itself and kept once read.

A rule is a model: its description, and the vars that its SQL and its macros use, each with value,
unit and reason. What the figure's own model builds upon is found by following `ref`, through the
intermediate models alone: a mart on the way is a figure in its own right, and what makes an event
count is the verdict's rule.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, Template

from core.builds.project import PROJECT

COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
REF = re.compile(r"\bref\(\s*['\"](\w+)['\"]\s*\)")
VAR = re.compile(r"\bvar\(\s*['\"](\w+)['\"]")
CALL = re.compile(r"\b(\w+)\(")
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\((.*?)\{%-?\s*endmacro", re.DOTALL)
REASON = re.compile(r"^  (?P<name>\w+):.*?  # (?P<unit>[^:]+): (?P<reason>.+)$", re.MULTILINE)
# Below the first lies the verdict, below the second the session: each has rules of its own.
STEPS_OF_THEIR_OWN = (
    "int_events__accepted",
    "int_events__verdicts",
    "int_sessions__events",
    "int_activity__measures",
)
BOOKKEEPING = "since_"  # vars that tell a small build what the last one saw
# What a build redoes makes no figure.
ORDER_OF_WORK = (
    "__touched",
    "__redone",
    "__changed",
    "__linked",
    "__linking",
    "__recurring",
    "__begun",
    "__cuts",
    "__last_acts",
)


@dataclass(frozen=True)
class Var:
    """A threshold of the rules."""

    name: str
    value: Any
    unit: str
    reason: str


@dataclass(frozen=True)
class Model:
    """A model of the project. `path` is that of its SQL, from the project's folder."""

    name: str
    path: str
    description: str
    refs: tuple[str, ...]
    variables: tuple[Var, ...]

    @property
    def is_passed_through(self) -> bool:
        """Whether the search for what a figure builds upon goes on through this model."""
        is_intermediate = self.path.startswith("models/intermediate/")
        is_ending = self.name in STEPS_OF_THEIR_OWN or self.name.endswith(ORDER_OF_WORK)
        return is_intermediate and not is_ending


@dataclass(frozen=True)
class Rules:
    """Every model of the project, by name, and the text of its macros."""

    models: dict[str, Model]
    macros: dict[str, str]

    def behind(self, name: str, as_of: datetime) -> list[tuple[Model, tuple[Var, ...]]]:
        """A figure's model first, then those with vars of their own that it builds upon.

        `as_of` is the value of the var of that name in the build that is read.
        """
        found = [model for model in self._upstream(name) if model.variables or model.name == name]
        return [(model, tuple(_at(var, as_of) for var in model.variables)) for model in found]

    def sql(self, macro: str, *arguments: str) -> str:
        """What one of the project's macros writes for the arguments."""
        called = _called(self.macros[macro], self.macros)
        text = "".join(self.macros[name] for name in sorted(called | {macro}))
        return str(getattr(_template(text).module, macro)(*arguments)).strip()

    def _upstream(self, name: str) -> Iterator[Model]:
        waiting, seen = [name], {name}
        while waiting:
            model = self.models[waiting.pop(0)]
            yield model
            for ref in model.refs:
                if ref not in seen and self.models[ref].is_passed_through:
                    seen.add(ref)
                    waiting.append(ref)


@cache
def read_rules(project: Path = PROJECT) -> Rules:
    """The project's rules."""
    macros = dict(_macros(project))
    variables = read_variables(project)
    described = _descriptions(project)
    models = {}
    for path in sorted((project / "models").rglob("*.sql")):
        sql = COMMENT.sub("", path.read_text())
        texts = [sql, *(macros[name] for name in _called(sql, macros))]
        used = {name for text in texts for name in VAR.findall(text)}
        models[path.stem] = Model(
            name=path.stem,
            path=str(path.relative_to(project)),
            description=" ".join(described[path.stem].split()),
            refs=tuple(dict.fromkeys(REF.findall(sql))),
            variables=tuple(var for name, var in variables.items() if name in used),
        )
    return Rules(models, macros)


@cache
def _template(text: str) -> Template:
    environment = Environment(autoescape=False)  # noqa: S701  it writes SQL, no page
    return environment.from_string(text)


def read_variables(project: Path) -> dict[str, Var]:
    """The vars that state a unit and a reason, in the order in which the project lists them."""
    text = (project / "dbt_project.yml").read_text()
    values = yaml.safe_load(text)["vars"]
    return {
        said["name"]: Var(said["name"], values[said["name"]], said["unit"], said["reason"])
        for said in REASON.finditer(text)
        if said["name"] in values and not said["name"].startswith(BOOKKEEPING)
    }


def _macros(project: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((project / "macros").rglob("*.sql")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        for found in MACRO.finditer(text):
            end = text.index("%}", found.end()) + 2
            yield found[1], text[found.start() : end]


def _descriptions(project: Path) -> dict[str, str]:
    return {
        model["name"]: model["description"]
        for path in (project / "models").rglob("*.yml")
        for model in (yaml.safe_load(path.read_text()) or {}).get("models", [])
    }


def _called(sql: str, macros: dict[str, str]) -> set[str]:
    """The macros that a text calls, and those that these call."""
    found: set[str] = set()
    waiting = [sql]
    while waiting:
        called = set(CALL.findall(waiting.pop())) & macros.keys() - found
        found |= called
        waiting += [macros[name] for name in called]
    return found


def _at(variable: Var, as_of: datetime) -> Var:
    if variable.name != "as_of":
        return variable
    return Var("as_of", as_of.isoformat(), variable.unit, variable.reason)

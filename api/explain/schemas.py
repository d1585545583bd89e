"""An explanation on the wire: the figure, its steps, the events as sent, the rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.events.schemas import PAYLOAD, Verdict
from api.formats import Answer, WireModel
from api.rules import Model, Var

Fact = Literal["xp", "xp-entry", "minutes", "session", "result", "mastery", "goal", "event"]


class RuleVar(WireModel):
    """A number that the rule holds a figure against."""

    name: str = Field(description="Its name in the dbt project.", examples=["active_gap_seconds"])
    value: Any = Field(description="Its value in this build.", examples=[600])
    unit: str = Field(description="What it counts.", examples=["seconds"])
    reason: str = Field(
        description="Why it has this value.",
        examples=["silence up to this is thought work, the rest of a gap is idle"],
    )

    @classmethod
    def of(cls, variable: Var) -> Self:
        """The var of the project's."""
        return cls(
            name=variable.name, value=variable.value, unit=variable.unit, reason=variable.reason
        )


class Rule(WireModel):
    """A model of the dbt project: the definition that every figure of its kind follows."""

    model: str = Field(description="The dbt model.", examples=["fct_xp_ledger"])
    path: str = Field(
        description="Its SQL, in `dbt_project/`.", examples=["models/marts/xp/fct_xp_ledger.sql"]
    )
    description: str = Field(
        description="What a row of it is, in the project's own words.",
        examples=["One row per entry of the XP ledger (rules X1 to X9)."],
    )
    vars: list[RuleVar] = Field(description="The numbers that it uses.")

    @classmethod
    def of(cls, model: Model, variables: tuple[Var, ...]) -> Self:
        """The rule of a model of the project's."""
        return cls(
            model=model.name,
            path=model.path,
            description=model.description,
            vars=[RuleVar.of(variable) for variable in variables],
        )


class Figure(WireModel):
    """One number or word, as the read-back shows it."""

    name: str = Field(description="Its name in the read-back.", examples=["xpEarned"])
    value: int | float | bool | datetime | str | None = Field(
        description="Exactly what the read-back answers.", examples=[27.5]
    )
    unit: str | None = Field(description="What it counts; null for a word.", examples=["XP"])
    shown_by: str = Field(
        description="The route that shows it.", examples=["GET /analytics/1.0/activity"]
    )


class Contribution(WireModel):
    """One row that a figure is made of."""

    kind: str = Field(description="What the row is.", examples=["ledger_entry"])
    id: str | None = Field(
        description="Its id in the warehouse.", examples=["0f5e1c9a-6a0e-5a53-9f8e-0b1a3c2d4e5f"]
    )
    amounts: dict[str, int | float] = Field(
        description=(
            "What it adds to figures, by their names: over all rows of all steps they sum up to the"
            " figure. Empty for rows that make up another row or that decide without adding."
        ),
        examples=[{"xpEarned": 20.0}],
    )
    details: dict[str, Any] = Field(
        description="What else the row says, camelCase.",
        examples=[{"kind": "earn", "status": "credited", "lessonId": "r1"}],
    )
    event_ids: list[str] = Field(
        description="The events that it comes from.",
        examples=[["7c0a1f3e-52b1-4a8e-9d27-1f8f0f6f2f11"]],
    )


class Step(WireModel):
    """One layer below the figure, with the rules that made it."""

    title: str = Field(
        description="What this step shows, in words.", examples=["The ledger entries of the day"]
    )
    rules: list[Rule] = Field(
        description="Its model's rule first, then those that it builds upon and that use numbers."
    )
    rows: list[Contribution] = Field(description="Its rows, in order of time.")


class SentEvent(Verdict):
    """An event: its verdict, its receipt, and the object exactly as sent."""

    payload: str | None = Field(
        description="The event object as sent (JSON text); null if the lake does not hold it.",
        examples=[PAYLOAD],
    )

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The event of one row of `queries.events`."""
        return cls.from_row(row, payload=row["payload"])


class Explanation(Answer):
    """From a figure to its rows, the events as sent, and the rules."""

    fact: Fact = Field(description="What is explained.", examples=["xp"])
    about: dict[str, str | None] = Field(
        description="Whose figure it is, and of what; null where a part was left open.",
        examples=[{"studentId": "student-ana", "date": "2026-01-15", "subject": None}],
    )
    figures: list[Figure] = Field(description="The figure, and those shown with it.")
    steps: list[Step] = Field(description="From the mart down to the events' verdicts.")
    event_count: int = Field(description="Events that the figure comes from.", examples=[3])
    events: list[SentEvent] = Field(
        description="The first `limit` of them as sent, in the order in which they happened."
    )

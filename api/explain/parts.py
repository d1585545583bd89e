"""The parts that every explanation is put together from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from api.explain.schemas import Contribution, Explanation, Fact, Figure, Rule, SentEvent, Step
from api.formats import stamp
from api.reading import Reading
from api.rules import read_rules

Row = dict[str, Any]

VERDICTS = ("int_events__judged", "int_events__verdicts")
VERDICT_DETAILS = ("event_type", "action", "occurred_at", "received_at", "status", "warning")


@dataclass(frozen=True)
class Request:
    """Who asks, and how many events they want as sent."""

    reading: Reading
    limit: int

    def step(self, title: str, models: str | tuple[str, ...], rows: Iterable[Contribution]) -> Step:
        """A step whose rows follow the rule of a model, or of several."""
        as_of = self.reading.lake.build.as_of
        names = (models,) if isinstance(models, str) else models
        behind = [rule for name in names for rule in read_rules().behind(name, as_of)]
        return Step(title=title, rules=[Rule.of(*rule) for rule in behind], rows=list(rows))

    def answer(
        self,
        fact: Fact,
        about: dict[str, str | None],
        figures: list[Figure],
        steps: list[Step],
        sent: list[Row],
    ) -> Explanation:
        """The whole explanation; its last step is what made its events count."""
        rows = [
            contribution("event", row["event_id"], row, VERDICT_DETAILS, [row["event_id"]])
            for row in sent
        ]
        judged = self.step("The verdicts of its events", VERDICTS, rows)
        return Explanation(
            fact=fact,
            about=about,
            figures=figures,
            steps=[*steps, judged],
            event_count=len(sent),
            events=[SentEvent.of(row) for row in sent[: self.limit]],
            **stamp(self.reading.lake.build),
        )


def figures(shown_by: str, unit_of: Mapping[str, str | None], values: Row) -> list[Figure]:
    """Figures by their names in the read-back."""
    return [
        Figure(name=name, value=values[name], unit=unit, shown_by=shown_by)
        for name, unit in unit_of.items()
    ]


def contribution(
    kind: str,
    row_id: str | None,
    row: Row,
    details: Iterable[str],
    event_ids: Iterable[str | None],
    amounts: Mapping[str, float] | None = None,
) -> Contribution:
    """One row of a step; `details` names the columns that it shows."""
    return Contribution(
        kind=kind,
        id=row_id,
        amounts=dict(amounts or {}),
        details={to_camel(name): row[name] for name in details},
        event_ids=list(dict.fromkeys(one for one in event_ids if one is not None)),
    )

"""One table of what was measured, each result beside its goals."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Goal:
    """What was to be reached, and whether it was."""

    text: str
    is_met: bool


def at_most(limit: float, unit: str, reached: float) -> Goal:
    """Met if what was reached is not above the limit."""
    return Goal(f"≤ {limit:g} {unit}", reached <= limit)


def at_least(limit: float, unit: str, reached: float) -> Goal:
    """Met if what was reached is not below the limit."""
    return Goal(f"≥ {limit:g} {unit}", reached >= limit)


class Report:
    """Collects rows and prints them at the end; notes go out at once."""

    def __init__(self) -> None:
        self._console = Console(width=140)
        self._table = Table("benchmark", "median", "details", "ratio", "goal", title="Benchmarks")
        self.missed: list[str] = []

    def note(self, text: str) -> None:
        """One run's result, while the others go on."""
        self._console.print(f"  {text}", highlight=False, markup=False)

    def row(
        self,
        name: str,
        measured: str,
        details: str,
        *,
        ratio: float | None = None,
        goals: Sequence[Goal] = (),
    ) -> None:
        """A result: medians over the runs; `ratio` is set against what `details` names.

        A goal that is not met fails the benchmarks.
        """
        if not all(goal.is_met for goal in goals):
            self.missed.append(name)
        self._table.add_row(
            name,
            measured,
            details,
            "" if ratio is None else f"{ratio:.2f} ×",
            ", ".join(f"[{'green' if goal.is_met else 'red'}]{goal.text}[/]" for goal in goals),
        )

    def print(self) -> None:
        """Print the table, and what was missed."""
        self._console.print(self._table)
        for name in self.missed:
            self._console.print(f"Missed: {name}", style="red", highlight=False, markup=False)

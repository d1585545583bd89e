"""One table of what was measured."""

from rich.console import Console
from rich.table import Table


class Report:
    """Collects rows and prints them at the end; notes go out at once."""

    def __init__(self) -> None:
        self._console = Console(width=140)
        self._table = Table("benchmark", "median", "details", "ratio", "goal", title="Benchmarks")
        self.missed: list[str] = []

    def note(self, text: str) -> None:
        """One run's result, while the others go on."""
        self._console.print(f"  {text}", highlight=False)

    def row(
        self,
        name: str,
        measured: str,
        details: str,
        *,
        ratio: float | None = None,
        goal: float | None = None,
        is_missed: bool = False,
    ) -> None:
        """A result: medians over the runs; `ratio` is set against the row it is compared with.

        A ratio below `goal`, or `is_missed`, fails the benchmarks.
        """
        is_missed = is_missed or (ratio is not None and goal is not None and ratio < goal)
        if is_missed:
            self.missed.append(name)
        self._table.add_row(
            name,
            measured,
            details,
            "" if ratio is None else f"{ratio:.2f} ×",
            "" if goal is None else f"[{'red' if is_missed else 'green'}]≥ {goal:g} ×[/]",
        )

    def print(self) -> None:
        """Print the table."""
        self._console.print(self._table)

"""Progress bars, one for each stage of a long piece of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from core.cli.options import err

Show = Callable[[int, int | None, str], None]


@contextmanager
def stage_bars() -> Iterator[Show]:
    """A function (done, total, label) that draws; a stage is its label up to a bracket.

    With total None the bar says only that something is done.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err) as bars:
        tasks: dict[str, TaskID] = {}

        def show(done: int, total: int | None, label: str) -> None:
            stage = label.split(" (")[0]
            if stage not in tasks:
                tasks[stage] = bars.add_task(label, total=None)
            bars.update(tasks[stage], completed=done, total=total, description=label)

        yield show

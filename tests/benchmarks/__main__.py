"""`python -m tests.benchmarks`: run the benchmarks and print one table."""

from typing import Annotated

import typer

from tests.benchmarks import ingest
from tests.benchmarks.report import Report

BENCHMARKS = ("ingest",)

Only = Annotated[
    list[str] | None, typer.Option(help=f"Run only these (repeatable): {', '.join(BENCHMARKS)}.")
]


def main(
    only: Only = None,
    runs: Annotated[int, typer.Option(min=1, help="Times each is run; medians count.")] = 3,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes and one run: a smoke.")
    ] = False,
) -> None:
    """Measure against the peer and print a table; exit code 1 if a goal is missed."""
    chosen = set(only or BENCHMARKS)
    if unknown := chosen - set(BENCHMARKS):
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}")
    runs = 1 if quick else runs
    report = Report()
    if "ingest" in chosen:
        posts = {1: 1_000, 100: 100} if quick else {1: 20_000, 100: 2_000}
        ingest.run(ingest.Sizes(posts, runs), report)
    report.print()
    if report.missed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)

"""`python -m tests.benchmarks`: run the benchmarks and print one table."""

import signal
from types import FrameType
from typing import Annotated

import typer

from tests.benchmarks import (
    building,
    growing,
    history,
    ingest,
    installs,
    loading,
    reading,
    school,
    viewing,
)
from tests.benchmarks.report import Report

BENCHMARKS = ("ingest", "loader", "builds", "reads", "growth", "dashboards")
PASTS = [500_000, 2_000_000, 5_000_000]

Only = Annotated[
    list[str] | None, typer.Option(help=f"Run only these (repeatable): {', '.join(BENCHMARKS)}.")
]


def main(
    only: Only = None,
    runs: Annotated[int, typer.Option(min=1, help="Times each is run; medians count.")] = 3,
    ingest_posts: Annotated[
        int, typer.Option(help="Posts of one event; a tenth as many of a hundred.")
    ] = 20_000,
    loader_events: Annotated[int, typer.Option(help="Backlog of the loader.")] = 200_000,
    school_events: Annotated[int, typer.Option(help="Events under builds and reads.")] = 200_000,
    full: Annotated[bool, typer.Option("--full", help="A million events for both.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes and one run: a smoke.")
    ] = False,
) -> None:
    """Measure against the peer and print a table; exit code 1 if a goal is missed."""
    chosen = set(only or BENCHMARKS)
    if unknown := chosen - set(BENCHMARKS):
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}")
    runs = 1 if quick else runs
    if full or quick:
        loader_events = school_events = 1_000_000 if full else 10_000
    report = Report()
    if "ingest" in chosen:
        posts = 1_000 if quick else ingest_posts
        ingest.run(ingest.Sizes({1: posts, 100: max(1, posts // 10)}, runs), report)
    if "loader" in chosen:
        loading.run(loader_events, runs, report)
    if chosen & {"builds", "reads"}:
        with installs.install() as ours:
            opened = school.open_school(ours, school_events)
            building.run(opened, runs if "builds" in chosen else 1, report)
            if "reads" in chosen:
                reading.run(opened, 100 if quick else 1_000, runs, report)
    if "growth" in chosen:
        with installs.install() as ours:
            pasts = [size // 100 for size in PASTS] if quick else PASTS
            opened = school.open_school(ours, int(1.4 * pasts[0]))  # weekends are quiet
            growing.run(opened, pasts, max(runs, 2), report)
    if "dashboards" in chosen:
        with installs.install() as ours:
            events = viewing.EVENTS_OF_500_STUDENTS // (100 if quick else 1)
            opened = school.open_school(ours, events)
            history.open_history(ours).reach_back(viewing.DAYS, one_session_in=8)
            viewing.run(opened, 3 if quick else 8, report)
    report.print()
    if report.missed:
        raise typer.Exit(1)


def end(_number: int, _frame: FrameType | None) -> None:
    """Leave as on Ctrl-C, so that servers and databases are stopped."""
    raise SystemExit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()

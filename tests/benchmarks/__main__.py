"""`python -m tests.benchmarks`: run the benchmarks and print one table."""

import signal
from dataclasses import dataclass
from types import FrameType
from typing import Annotated

import typer

from tests.benchmarks import (
    arriving,
    beside,
    building,
    comparing,
    growing,
    history,
    ingest,
    installs,
    loading,
    reading,
    school,
    starting,
    viewing,
)
from tests.benchmarks.report import Report

WHAT = {
    "ingest": "durable ingest, beside a peer's",
    "loader": "journal to lake",
    "builds": "a full and a small build",
    "reads": "read-back",
    "growth": "small builds on more and more history, beside the former commit's",
    "live": "an event's way to its read-back",
    "beside": "ingest and reads beside builds that never pause",
    "empty": "an empty install's builds",
    "by-hand": "a full build against a script written by hand",
    "dashboards": "20 viewers",
}
PASTS = [300_000, 2_000_000, 5_000_000, 10_000_000]

Only = Annotated[
    list[str] | None,
    typer.Option(
        help="Run only these (repeatable): "
        + "; ".join(f"{name}, {what}" for name, what in WHAT.items())
        + "."
    ),
]
Past = Annotated[
    list[int] | None,
    typer.Option(help="Events of history under growth, a size each (repeatable), ascending."),
]


@dataclass(frozen=True)
class Sizes:
    """How much of each; `quick` overrules what was asked for."""

    runs: int
    posts: int  # of one event; a tenth as many of a hundred
    loaded: int  # backlog of the loader
    school: int  # events under builds and reads
    pasts: list[int]
    live: int  # events under what is live
    live_posts: int
    stream: int  # events a second beside them
    read_seconds: float  # of one run of reads beside builds
    reads: int
    by_hand: int  # events of a full build
    viewers: int  # events under the dashboards
    openings: int


QUICK = Sizes(
    runs=1,
    posts=1_000,
    loaded=10_000,
    school=5_000,
    pasts=[5_000, 20_000],
    live=5_000,
    live_posts=10,
    stream=50,
    read_seconds=3.0,
    reads=100,
    by_hand=10_000,
    viewers=viewing.EVENTS_OF_500_STUDENTS // 100,
    openings=3,
)


def main(
    only: Only = None,
    runs: Annotated[int, typer.Option(min=1, help="Times each is run; medians count.")] = 3,
    ingest_posts: Annotated[
        int, typer.Option(help="Posts of one event; a tenth as many of a hundred.")
    ] = 20_000,
    loader_events: Annotated[int, typer.Option(help="Backlog of the loader.")] = 200_000,
    school_events: Annotated[
        int, typer.Option(help="Events under builds, reads and beside.")
    ] = 200_000,
    past: Past = None,
    former: Annotated[
        bool, typer.Option(help="Build and time the former commit too, under growth.")
    ] = True,
    live_events: Annotated[int, typer.Option(help="Events of history under live.")] = 300_000,
    live_posts: Annotated[int, typer.Option(min=2, help="Posts under live.")] = 200,
    by_hand_events: Annotated[int, typer.Option(help="Events under by-hand.")] = 5_000_000,
    full: Annotated[
        bool, typer.Option("--full", help="A million events for the loader and the school.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes and one run: a smoke.")
    ] = False,
) -> None:
    """Measure beside peers and goals and print a table; exit code 1 if a goal is missed."""
    chosen = set(only or WHAT)
    if unknown := chosen - set(WHAT):
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}")
    sizes = Sizes(
        runs=runs,
        posts=ingest_posts,
        loaded=1_000_000 if full else loader_events,
        school=1_000_000 if full else school_events,
        pasts=past or PASTS,
        live=live_events,
        live_posts=live_posts,
        stream=500,
        read_seconds=15.0,
        reads=1_000,
        by_hand=by_hand_events,
        viewers=viewing.EVENTS_OF_500_STUDENTS,
        openings=8,
    )
    report = Report()
    measure(chosen, QUICK if quick else sizes, report, beside_former=former)
    report.print()
    if report.missed:
        raise typer.Exit(1)


def measure(chosen: set[str], sizes: Sizes, report: Report, *, beside_former: bool) -> None:
    """Run what was chosen, one after the other."""
    if "ingest" in chosen:
        posts = {1: sizes.posts, 100: max(1, sizes.posts // 10)}
        ingest.run(ingest.Sizes(posts, sizes.runs), report)
    if "loader" in chosen:
        loading.run(sizes.loaded, sizes.runs, report)
    if chosen & {"builds", "reads"}:
        with installs.install() as ours:
            opened = school.open_school(ours, sizes.school, now=school.last_evening())
            building.run(opened, sizes.runs if "builds" in chosen else 1, report)
            if "reads" in chosen:
                reading.run(opened, sizes.reads, sizes.runs, report)
    if "growth" in chosen:
        growing.run(sizes.pasts, sizes.runs, beside_former=beside_former, report=report)
    if "live" in chosen:
        arriving.run(sizes.live, sizes.live_posts, sizes.stream, report)
    if "beside" in chosen:
        beside.run(sizes.school, sizes.posts // 5, sizes.read_seconds, sizes.runs, report)
    if "empty" in chosen:
        starting.run(sizes.runs, report)
    if "by-hand" in chosen:
        comparing.run(sizes.by_hand, 1, report)
    if "dashboards" in chosen:
        with installs.install() as ours:
            opened = school.open_school(ours, sizes.viewers)
            history.open_history(ours).reach_back(viewing.DAYS, one_session_in=8)
            viewing.run(opened, sizes.openings, report)


def end(_number: int, _frame: FrameType | None) -> None:
    """Leave as on Ctrl-C, so that servers and databases are stopped."""
    raise SystemExit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()

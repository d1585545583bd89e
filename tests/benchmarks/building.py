"""Builds of a school with history: from nothing, and after 1,000 new events."""

from statistics import median

from tests.benchmarks.builders import builder
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.report import Report
from tests.benchmarks.school import School

NEW_EVENTS = 1_000


def run(school: School, runs: int, report: Report) -> None:
    """Measure and report; LostEventsError if an event has no verdict after a build."""
    full: list[float] = []
    small: list[float] = []
    with builder(school.ours) as opened:
        for _ in range(runs):
            full.append(opened.order("full").seconds)
            report.note(f"full build: {full[-1]:.1f} s")
        _check(school)
        for _ in range(runs):
            school.send_next(NEW_EVENTS)
            small.append(opened.order("small").seconds)
            report.note(f"build after {NEW_EVENTS:,} new events: {small[-1]:.2f} s")
        _check(school)
    report.row("full build", f"{median(full):.1f} s", f"{school.event_count:,} events")
    report.row(
        f"build after {NEW_EVENTS:,} new events",
        f"{median(small):.2f} s",
        "against the full build, in a warm process",
        ratio=median(full) / median(small),
    )


def _check(school: School) -> None:
    verdicts = school.ours.query("select count(*) from lake.marts.fct_event_verdicts")
    if verdicts != school.event_count:
        raise LostEventsError(f"{school.event_count:,} events sent, {verdicts:,} verdicts")

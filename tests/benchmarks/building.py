"""dbt builds: after 1,000 new events against a full refresh, on a school with history."""

import time
from statistics import median

from core.builds.build import Builder
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.report import Report
from tests.benchmarks.school import School

NEW_EVENTS = 1_000


def run(school: School, runs: int, report: Report) -> None:
    """Measure and report; LostEventsError if an event has no verdict after a build."""
    full: list[float] = []
    small: list[float] = []
    with Builder(school.ours.settings).open() as builder:
        for _ in range(runs):
            full.append(_timed(builder, full_refresh=True))
            report.note(f"full refresh: {full[-1]:.1f} s")
        _check(school)
        for _ in range(runs):
            school.send_next(NEW_EVENTS)
            small.append(_timed(builder, full_refresh=False))
            report.note(f"build after {NEW_EVENTS:,} new events: {small[-1]:.1f} s")
        _check(school)
    report.row("dbt, full refresh", f"{median(full):.1f} s", f"{school.event_count:,} events")
    report.row(
        f"dbt, after {NEW_EVENTS:,} new events",
        f"{median(small):.1f} s",
        "against the full refresh, in a warm process",
        ratio=median(full) / median(small),
    )


def _timed(builder: Builder, *, full_refresh: bool) -> float:
    started = time.perf_counter()
    builder.build(full_refresh=full_refresh)
    return time.perf_counter() - started


def _check(school: School) -> None:
    verdicts = school.ours.query("select count(*) from lake.marts.fct_event_verdicts")
    if verdicts != school.event_count:
        raise LostEventsError(f"{school.event_count:,} events sent, {verdicts:,} verdicts")

"""Build cost and history: a build after 1,000 new events on more and more of the past."""

import time
from statistics import median

from core.builds.build import Builder
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.history import open_history
from tests.benchmarks.report import Report
from tests.benchmarks.school import School

NEW_EVENTS = 1_000
MOST_GROWTH = 1.5  # of the time, from the shortest past to the longest


def run(school: School, sizes: list[int], runs: int, report: Report) -> None:
    """Measure and report; missed if the time grows beyond the limit with history."""
    history = open_history(school.ours)
    medians: list[float] = []
    with Builder(school.ours.settings).open() as builder:
        for size in sizes:
            held = history.extend(size)
            started = time.perf_counter()
            builder.build()
            report.note(f"past of {held:,} events built in {time.perf_counter() - started:.0f} s")
            started = time.perf_counter()
            builder.maintain()
            report.note(f"upkeep: {time.perf_counter() - started:.1f} s")
            seconds: list[float] = []
            for _ in range(runs + 1):  # the first one after upkeep warms what it reads
                school.send_next(NEW_EVENTS)
                started = time.perf_counter()
                builder.build()
                seconds.append(time.perf_counter() - started)
                report.note(f"{NEW_EVENTS:,} new events on {held:,}: {seconds[-1]:.1f} s")
            medians.append(median(seconds[1:]))
            is_last = size == sizes[-1]
            report.row(
                f"dbt, {NEW_EVENTS:,} new events on {held:,}",
                f"{medians[-1]:.1f} s",
                f"against the shortest past (limit {MOST_GROWTH} ×)",
                ratio=medians[-1] / medians[0],
                is_missed=is_last and medians[-1] > MOST_GROWTH * medians[0],
            )
    verdicts = school.ours.query("select count(*) from lake.marts.fct_event_verdicts")
    events = school.ours.query("select count(*) from lake.raw.events")
    if verdicts != events:
        raise LostEventsError(f"{events:,} events in the lake, {verdicts:,} verdicts")

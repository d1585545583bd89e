"""Small builds on more and more history, beside the former commit's on the same events.

Each side has an install of its own with the same school, the same copies of its past and the same
new events; the two take turns. A process is opened anew after each full build, whose memory it
would keep, and its first small build warms what it reads and does not count.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks import former, installs
from tests.benchmarks.builders import BuilderProcess, builder
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.history import History, open_history
from tests.benchmarks.processes import ROOT
from tests.benchmarks.report import Report, at_least, at_most
from tests.benchmarks.school import QUIET, School, last_evening, open_school

NEW_EVENTS = 1_000
MOST_SECONDS = 3.0
LEAST_GAIN = 6.0  # times as fast as the former commit
MOST_GROWTH = 1.3  # of the time, from the shortest past to the longest


@dataclass
class Side:
    """One commit's install, and the seconds of its small builds by the events it held."""

    name: str
    school: School
    history: History
    seconds: dict[int, list[float]] = field(default_factory=dict)

    def grow(self, size: int, report: Report) -> int:
        """Extend the past, build it from nothing, and tidy up; returns the events held."""
        held = self.history.extend(size)
        with builder(self.school.ours) as opened:
            full = opened.order("full")
            upkeep = opened.order("maintain")
        report.note(
            f"{self.name}: full build of {held:,} events {full.seconds:.0f} s,"
            f" {full.peak_bytes / 1e9:.1f} GB; upkeep {upkeep.seconds:.1f} s"
        )
        return held

    def build(self, opened: BuilderProcess, held: int, report: Report) -> None:
        """Load the next events, and build."""
        self.school.send_next(NEW_EVENTS)
        self.seconds.setdefault(held, []).append(opened.order("small").seconds)
        report.note(f"{self.name}: small build on {held:,}: {self.seconds[held][-1]:.2f} s")

    def median(self, held: int) -> float:
        """Seconds of a small build, the first left out."""
        return median(self.seconds[held][1:])

    def check(self) -> None:
        """LostEventsError if an event has no verdict."""
        verdicts = self.school.ours.query("select count(*) from lake.marts.fct_event_verdicts")
        events = self.school.ours.query("select count(*) from lake.raw.events")
        if verdicts != events:
            raise LostEventsError(f"{self.name}: {events:,} events, {verdicts:,} verdicts")


def run(pasts: list[int], runs: int, *, beside_former: bool, report: Report) -> None:
    """Measure and report; a goal is missed if small builds are slow, or slow down with history."""
    now = last_evening()
    with ExitStack() as stack:
        codes: dict[str, Path | None] = {"ours": ROOT}
        if beside_former:
            codes["former"] = stack.enter_context(former.checked_out(report))
        sides = []
        for name, code in codes.items():
            if code is not None:
                ours = stack.enter_context(installs.install(code))
                school = open_school(ours, int(QUIET * pasts[0]), now=now)
                sides.append(Side(name, school, open_history(ours)))
        sizes = [_measure(sides, past, runs, report) for past in pasts]
        for side in sides:
            side.check()
    for size in sizes:
        _tell(sides, size, report)
    first, last = (sides[0].median(size) for size in (sizes[0], sizes[-1]))
    report.row(
        "the last against the first",
        f"{last:.2f} s",
        f"{first:.2f} s on {sizes[0]:,} events",
        ratio=last / first,
        goals=[at_most(MOST_GROWTH, "×", last / first)],
    )


def _measure(sides: list[Side], past: int, runs: int, report: Report) -> int:
    """Builds on one past, in turns; returns how many events it holds."""
    (held,) = {side.grow(past, report) for side in sides}
    with ExitStack() as stack:
        opened = [(side, stack.enter_context(builder(side.school.ours))) for side in sides]
        for number in range(runs + 1):
            for side, process in opened if number % 2 else reversed(opened):
                side.build(process, held, report)
    return held


def _tell(sides: list[Side], held: int, report: Report) -> None:
    ours, *others = (side.median(held) for side in sides)
    goals = [at_most(MOST_SECONDS, "s", ours)]
    if others:
        goals.append(at_least(LEAST_GAIN, "×", others[0] / ours))
    report.row(
        f"small build: {NEW_EVENTS:,} new events on {held:,}",
        f"{ours:.2f} s",
        f"commit {former.COMMIT}: {others[0]:.2f} s" if others else "",
        ratio=others[0] / ours if others else None,
        goals=goals,
    )

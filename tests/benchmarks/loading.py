"""The loader: events a second from journal to lake, and the memory it takes with a backlog."""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

import msgspec

from tests.benchmarks import installs, journal
from tests.benchmarks.bodies import Bodies
from tests.benchmarks.drain import Drained
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.installs import Install
from tests.benchmarks.report import Report, at_most

EVENTS_A_POST = 100
MOST_MEGABYTES = 1_074  # a GiB


def run(events: int, runs: int, report: Report) -> None:
    """Measure and report; LostEventsError if a run did not load everything."""
    drained: list[Drained] = []
    with installs.install() as ours:
        client_id = ours.client("Benchmark").client_id
        drain(ours)  # what making a client left
        bodies = Bodies()
        for number in range(1, runs + 1):
            sent = journal.fill(ours.url, _requests(bodies, client_id, events))
            drained.append(drain(ours))
            loaded = ours.query("select count(*) from lake.raw.events")
            if loaded != number * sent:
                raise LostEventsError(f"{number * sent:,} events sent, {loaded:,} in the lake")
            speed = drained[-1].rows / drained[-1].seconds
            report.note(f"loader: {speed:,.0f} events/s, {drained[-1].peak_bytes / 1e6:,.0f} MB")
    peak = max(one.peak_bytes for one in drained) / 1e6
    report.row(
        f"loader, backlog of {events:,} events",
        f"{median(one.rows / one.seconds for one in drained):,.0f} events/s",
        f"peak memory {peak:,.0f} MB",
        goals=[at_most(MOST_MEGABYTES, "MB", peak)],
    )


def drain(ours: Install) -> Drained:
    """Run the loader in a process of its own until the journal is empty."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.drain"],
        cwd=ours.code,
        env=ours.environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Drained)


def _requests(bodies: Bodies, client_id: str, events: int) -> Iterator[journal.Request]:
    for body in bodies.make(events // EVENTS_A_POST, EVENTS_A_POST):
        yield client_id, EVENTS_A_POST, body

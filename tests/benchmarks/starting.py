"""An empty install: from the start of `timeback run builds` to its first published build.

Once on a machine that never built, which compiles the project first; then new empty installs that
find it compiled; then builds after one event each.
"""

import tempfile
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks import installs, journal, published
from tests.benchmarks.bodies import Bodies
from tests.benchmarks.installs import Install
from tests.benchmarks.loading import drain
from tests.benchmarks.report import Report, at_most

FIRST_SECONDS = 10.0
NEXT_SECONDS = 3.0
ONE_EVENT_SECONDS = 1.0


def run(runs: int, report: Report) -> None:
    """Measure and report; `runs` installs find the project compiled, each with as many events."""
    with tempfile.TemporaryDirectory(prefix="timeback-compiled-") as compiled:
        variables = {"TIMEBACK_COMPILED_DIR": compiled}
        with installs.install(variables=variables) as ours:
            first, _ = _build(ours, 0, report)
        starts, later = [], []
        for _ in range(runs):
            with installs.install(variables=variables) as ours:
                started, built = _build(ours, runs, report)
            starts.append(started)
            later += built
    report.row(
        "empty install: first build, which compiles",
        f"{first:.1f} s",
        "from the process's start to the published build",
        goals=[at_most(FIRST_SECONDS, "s", first)],
    )
    report.row(
        "another empty install: first build",
        f"{median(starts):.1f} s",
        "compiled before on this machine",
        goals=[at_most(NEXT_SECONDS, "s", median(starts))],
    )
    report.row(
        "its builds after one event each",
        f"{median(later):.2f} s",
        f"{len(later)} builds",
        goals=[at_most(ONE_EVENT_SECONDS, "s", median(later))],
    )


def _build(ours: Install, events: int, report: Report) -> tuple[float, list[float]]:
    """Seconds to the first published build, and of the builds after so many single events."""
    client_id = ours.client("Benchmark").client_id
    bodies = Bodies().make(events, 1)
    drain(ours)  # what making a client left
    began = datetime.now(UTC)
    with ours.service("builds", TIMEBACK_BUILD_INTERVAL_SECONDS="0") as builds:
        first = published.wait(ours, builds, began)
        seconds = (first.finished_at - began).total_seconds()
        report.note(f"empty install: first build after {seconds:.1f} s")
        later = []
        for body in bodies:
            began = datetime.now(UTC)
            journal.fill(ours.url, [(client_id, 1, body)])
            drain(ours)
            later.append(published.wait(ours, builds, began).seconds)
            report.note(f"after one event: {later[-1]:.2f} s")
    return seconds, later

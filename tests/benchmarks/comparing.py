"""A full build against a hand-written DuckDB script of the same marts (by_hand), and its memory."""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import msgspec
import psycopg

from tests.benchmarks import installs
from tests.benchmarks.builders import builder
from tests.benchmarks.by_hand.__main__ import Written
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.history import open_history
from tests.benchmarks.installs import Install
from tests.benchmarks.report import Report, at_most
from tests.benchmarks.school import open_school

MOST_SCHOOL_EVENTS = 400_000
LEAST_COPIES = 4  # of the school's weeks: a longer past, as a school has
MOST_TIMES = 3.0  # the script's time
MOST_GIBIBYTES = 8.0
MOST_DIFFERENCE = 0.01  # of a mart's rows
FEW_ROWS = 5  # of a mart so small that one row is more than that


def run(events: int, runs: int, report: Report) -> None:
    """Measure and report; LostEventsError if a mart's rows are not about the script's."""
    with installs.install() as ours:
        open_school(ours, min(events // LEAST_COPIES, MOST_SCHOOL_EVENTS))
        held = open_history(ours).extend(events)
        built, peaks = [], []
        for _ in range(runs):
            with builder(ours) as opened:
                done = opened.order("full")
            built.append(done.seconds)
            peaks.append(done.peak_bytes / 2**30)
            report.note(f"full build: {built[-1]:.1f} s, {peaks[-1]:.2f} GiB")
        written = [_write(ours) for _ in range(runs)]
        for one in written:
            report.note(f"by hand: {one.seconds:.1f} s, {one.peak_bytes / 2**30:.2f} GiB")
        _compare(ours, written[-1].rows, report)
    ratio = median(built) / median(one.seconds for one in written)
    report.row(
        f"full build of {held:,} events",
        f"{median(built):.1f} s",
        f"written by hand in DuckDB: {median(one.seconds for one in written):.1f} s",
        ratio=ratio,
        goals=[at_most(MOST_TIMES, "×", ratio)],
    )
    report.row(
        "its memory at the peak",
        f"{max(peaks):.2f} GiB",
        f"by hand: {max(one.peak_bytes for one in written) / 2**30:.2f} GiB",
        goals=[at_most(MOST_GIBIBYTES, "GiB", max(peaks))],
    )


def _write(ours: Install) -> Written:
    """Run the script at the instant of the newest build."""
    with psycopg.connect(ours.url) as connection:
        row = connection.execute(
            "select as_of from publishing.builds where status = 'published'"
            " order by build_number desc limit 1"
        ).fetchone()
    assert row is not None
    with tempfile.TemporaryDirectory(dir=ours.root) as folder:
        output = str(Path(folder) / "by_hand.duckdb")
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.by_hand", output, row[0].isoformat()],
            cwd=ours.code,
            env=ours.environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    return msgspec.json.decode(done.stdout, type=Written)


def _compare(ours: Install, rows: dict[str, int], report: Report) -> None:
    """Say how many rows each has; LostEventsError beyond the difference allowed."""
    for name, written in sorted(rows.items()):
        built = ours.query(f"select count(*) from lake.marts.{name}")
        if abs(written - built) > max(MOST_DIFFERENCE * built, FEW_ROWS):
            raise LostEventsError(f"{name}: {built:,} rows, by hand {written:,}")
        if written != built:
            report.note(f"{name}: {built:,} rows, by hand {written:,}")
    report.note(f"{len(rows)} marts have the script's rows, within {MOST_DIFFERENCE:.0%}")

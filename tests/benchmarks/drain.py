"""Empties the journal in a process of its own: `python -m tests.benchmarks.drain`.

The install is named by `TIMEBACK_DATA_DIR`; the answer is JSON on stdout (see Drained).
"""

import resource
import sys
import time

import msgspec

from core.settings import Settings
from ingest.loader import Loader


class Drained(msgspec.Struct):
    """Rows loaded, the seconds that took, and the most memory the process ever held."""

    rows: int
    seconds: float
    peak_bytes: int


def main() -> None:
    """Load until nothing waits."""
    with Loader(Settings()) as loader:
        started = time.perf_counter()
        rows = loader.drain()
        seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    sys.stdout.write(msgspec.json.encode(Drained(rows, seconds, peak)).decode() + "\n")


if __name__ == "__main__":
    main()

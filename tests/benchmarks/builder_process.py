"""The other end of builders.py: a Builder that takes orders on stdin, `full`, `small`, `maintain`.

Run by its path with `python -P`, it imports nothing but the product in PYTHONPATH: another
commit's code has none of these benchmarks.
"""

import json
import os
import resource
import sys
import time

from core.builds.build import Builder
from core.settings import Settings


def main() -> None:
    """Say that the builder is open, then answer each order in a line of JSON (builders.Done)."""
    with os.fdopen(os.dup(1), "w", buffering=1) as answers:
        os.dup2(2, 1)  # what a build prints is no answer
        with Builder(Settings()).open() as builder:
            answers.write("ready\n")
            for order in map(str.strip, sys.stdin):
                started = time.perf_counter()
                if order == "maintain":
                    builder.maintain()
                else:
                    builder.build(full_refresh=order == "full")
                seconds = time.perf_counter() - started
                answers.write(json.dumps({"seconds": seconds, "peak_bytes": peak()}) + "\n")


def peak() -> int:
    """The most memory that this process, or one that it started, ever held, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


if __name__ == "__main__":
    main()

"""Pages that many open at once do not hold each other up, whatever a frame is put through."""

import subprocess
import sys

HANGS_AFTER_SECONDS = 60
MANY_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from dashboards.theme import STATUSES, labels

STATES = [*STATUSES, "new_here"]
frame = pl.DataFrame({"name": [f"Student {n}" for n in range(500)]}).with_columns(
    status=pl.Series([STATES[n % len(STATES)] for n in range(500)])
)


def page(_):
    for _ in range(300):
        shown = frame.with_columns(labels("status", STATUSES), pl.col("name").str.to_uppercase())
        shown.to_pandas()


with ThreadPoolExecutor(8) as viewers:
    list(viewers.map(page, range(8)))
print("all were served")
"""


def test_tables_of_states_are_made_by_many_at_once() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MANY_AT_ONCE],
        capture_output=True,
        text=True,
        check=True,
        timeout=HANGS_AFTER_SECONDS,
    )
    assert ran.stdout == "all were served\n"

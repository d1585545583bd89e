"""What running builds have published (publishing.builds)."""

import time
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from tests.benchmarks.installs import Install
from tests.benchmarks.processes import Running

LONGEST_SECONDS = 3_600.0
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Published:
    """One build that readers can see."""

    build_number: int
    started_at: datetime
    finished_at: datetime

    @property
    def seconds(self) -> float:
        """How long it took, publishing included."""
        return (self.finished_at - self.started_at).total_seconds()


def since(ours: Install, instant: datetime) -> list[Published]:
    """Builds that were published at `instant` or later, the oldest first."""
    with (
        psycopg.connect(ours.url) as connection,
        connection.cursor(row_factory=class_row(Published)) as cursor,
    ):
        return cursor.execute(
            "select build_number, started_at, finished_at from publishing.builds"
            " where status = 'published' and finished_at >= %s order by build_number",
            [instant],
        ).fetchall()


def wait(ours: Install, builds: Running, instant: datetime) -> Published:
    """The first build that begins at `instant` or later, once it is published."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        builds.check()
        for build in since(ours, instant):
            if build.started_at >= instant:
                return build
        time.sleep(POLL_SECONDS)
    raise RuntimeError(f"no build was published within {LONGEST_SECONDS:g} s")

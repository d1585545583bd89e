"""What `timeback up` waits for, as long as it takes: a process that answers, a build."""

import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg

from core.builds import registry
from core.builds.registry import FailedBuild, RunningBuild
from core.builds.status import read_status
from core.cli.stages import Show

POLL_SECONDS = 0.2
REMIND_SECONDS = 60.0
REASON_CHARACTERS = 600

Tell = Callable[[str], None]
Connection = psycopg.Connection[Any]
Found = TypeVar("Found")


class StoppedError(Exception):
    """The person pressed Ctrl-C while the product was starting."""


class BuildWatch:
    """Draws how far the running build is, and tells each that failed once, with its reason."""

    def __init__(self, stage: str, show: Show, tell: Tell) -> None:
        self._stage = stage
        self._show = show
        self._tell = tell
        self._drawn: RunningBuild | None = None
        self._newest_told = 0  # the number of a failed build

    def look(self, connection: Connection) -> None:
        """See how it goes now."""
        failed = registry.last_failure(connection)
        if failed is not None and failed.build_number > self._newest_told:
            self._newest_told = failed.build_number
            self._tell(words_of(failed))
        self._draw(registry.running(connection))

    def finish(self) -> None:
        """Draw that the build is published."""
        self._show(1, 1, f"{self._stage} (published)")

    def _draw(self, build: RunningBuild | None) -> None:
        if build is None:
            self._show(0, None, f"{self._stage} (waiting for a build)")
            return
        drawn = self._drawn
        # What is left to do after the last step is not told: the bar stays where it was.
        if build.total is None and drawn is not None and drawn.build_id == build.build_id:
            build = drawn
        self._drawn = build
        self._show(build.done, build.total, f"{self._stage} ({build.label or 'starting'})")


def words_of(failed: FailedBuild) -> str:
    """What a person is told of a build that failed."""
    reason = textwrap.shorten(failed.reason, REASON_CHARACTERS, placeholder=" …")
    return f"Build {failed.build_number} failed: {reason}\nIt is tried again by itself."


def wait_for_build(
    stopping: threading.Event,
    url: str,
    is_there: Callable[[Connection], bool],
    watch: BuildWatch,
    tell: Tell,
) -> None:
    """Wait until the build that is waited for is published, however many fail before.

    PostgreSQL may go away meanwhile. StoppedError at once when `stopping` is set.
    """

    def poll(connection: Connection) -> None:
        while not is_there(connection):
            watch.look(connection)
            pause(stopping)
        watch.finish()

    ask_database(stopping, url, poll, tell)


def wait_for_loader(stopping: threading.Event, url: str, show: Show, tell: Tell) -> int:
    """Wait until every event that was sent is in the lake; the id of the load that was last."""

    def poll(connection: Connection) -> int:
        most = 1
        while waiting := read_status(connection).waiting_events:
            most = max(most, waiting)
            show(most - waiting, most, f"Into the lake ({waiting:,} events wait)")
            pause(stopping)
        show(most, most, "Into the lake (all there)")
        return read_status(connection).last_load_id

    return ask_database(stopping, url, poll, tell)


def wait_for_answer(stopping: threading.Event, url: str, what: str, log: Path, tell: Tell) -> None:
    """Wait until a GET of that address succeeds; once a minute, tell that it does not."""
    remind_at = time.monotonic() + REMIND_SECONDS
    while not answers(url):
        if time.monotonic() > remind_at:
            tell(f"{what} has not answered yet; the rest goes on. Its log: {log}")
            remind_at += REMIND_SECONDS
        pause(stopping)


def answers(url: str) -> bool:
    """Whether a GET of that address succeeds now."""
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False


def pause(stopping: threading.Event, seconds: float = POLL_SECONDS) -> None:
    """Wait a moment; StoppedError at once when `stopping` is set."""
    if stopping.wait(seconds):
        raise StoppedError


def ask_database(
    stopping: threading.Event, url: str, ask: Callable[[Connection], Found], tell: Tell
) -> Found:
    """What `ask` finds on a connection; it begins anew whenever PostgreSQL went away."""
    is_told = False
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                return ask(connection)
        except psycopg.OperationalError as error:
            if not is_told:
                tell(f"PostgreSQL cannot be reached; still trying. {error}")
            is_told = True
            pause(stopping)

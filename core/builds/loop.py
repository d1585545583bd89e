"""The build loop: builds as soon as something new was loaded, and now and then when nothing was.

It also erases students, since an erasure rebuilds everything.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from core.builds.build import Builder, BuildFailedError, BuildResult
from core.builds.documentation import PageKeeper
from core.builds.maintenance import BUILDS_BETWEEN
from core.builds.requests import answer_request, next_request
from core.settings import Settings

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 300.0  # silence too changes states: sessions end, goals fall behind
POLL_SECONDS = 0.1
BACKOFF_SECONDS = 5.0  # after a failure, doubled by each further one
LONGEST_BACKOFF_SECONDS = 300.0
NICENESS = 5  # ingest and reads go first

Chore = Callable[[Builder], None]  # what is done before a build, if there is anything to do


def do_nothing(_builder: Builder) -> None:
    """No chore."""


def run(settings: Settings, stop: threading.Event, chore: Chore = do_nothing) -> None:
    """Build until `stop`; wait after a failure, longer after each further one.

    Takes a lower priority than ingest and reads for the whole process.
    """
    os.nice(NICENESS)
    with Builder(settings).open() as builder, PageKeeper(settings) as page:
        built_at = float("-inf")
        builds, failures = 0, 0
        while not stop.wait(POLL_SECONDS):
            chore(builder)
            request = next_request(builder.postgres)
            waited = time.monotonic() - built_at
            backoff = BACKOFF_SECONDS * 2 ** (failures - 1) if failures else 0.0
            pause = settings.build_interval_seconds + min(backoff, LONGEST_BACKOFF_SECONDS)
            is_due = waited >= pause and (builder.has_news() or waited >= SILENCE_SECONDS)
            if request is None and not is_due:
                continue
            outcome: BuildResult | BuildFailedError
            try:
                outcome = builder.build(full_refresh=request is not None and request.full_refresh)
                failures = 0
                builds += 1
            except BuildFailedError as error:
                outcome = error
                failures += 1
                logger.error("the build failed, readers keep the last one: %s", error.detail)
            built_at = time.monotonic()
            if request is not None:
                answer_request(builder.postgres, request, outcome)
            if failures == 0:
                page.keep_current()
            if failures == 0 and builds % BUILDS_BETWEEN == 0:
                builder.maintain()

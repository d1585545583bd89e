"""Erasures that wait: worked off by whoever holds the build lock."""

import logging
import time
from typing import Any

import duckdb
import psycopg

from core.builds.build import Builder
from core.builds.comparison import Show
from core.errors import AppError
from core.privacy import erasures
from core.privacy.erasure import STAGES, Drain, erase

logger = logging.getLogger(__name__)

RETRY_SECONDS = 60.0
POLL_SECONDS = 0.2


class ErasureQueue:
    """Every erasure that is not finished, also one that a killed process left, oldest first."""

    def __init__(self, drain: Drain) -> None:
        self._drain = drain
        self._retry_at = float("-inf")

    def work_off(self, builder: Builder) -> None:
        """Erase until nothing waits; a failure is noted and tried again a minute later."""
        while time.monotonic() >= self._retry_at:
            erasure = erasures.next_unfinished(builder.postgres)
            if erasure is None:
                return
            try:
                erase(builder, erasure, self._drain)
            except (AppError, duckdb.Error, psycopg.Error) as error:
                self._retry_at = time.monotonic() + RETRY_SECONDS
                logger.error("erasure %s failed: %s", erasure.erasure_id, type(error).__name__)
                note_failure(builder, erasure, error)


def note_failure(builder: Builder, erasure: erasures.Erasure, error: Exception) -> None:
    """Say why an attempt ended early; a database's own words may hold data and are left out."""
    reason = error.detail if isinstance(error, AppError) else type(error).__name__
    erasures.note_failure(builder.postgres, erasure, reason)


def wait_for(connection: psycopg.Connection[Any], student_id: str, show: Show) -> None:
    """Watch the builder erase; returns when it has, raises ErasureFailedError if it failed."""
    asked = erasures.find(connection, student_id)
    while asked is not None and asked.status != "finished":
        if asked.error is not None:
            raise erasures.ErasureFailedError(
                f"The erasure ended early and is tried again: {asked.error}"
            )
        show(asked.stages_done, len(STAGES), f"Erasing ({asked.stage or 'waiting'})")
        time.sleep(POLL_SECONDS)
        asked = erasures.find(connection, student_id)
    show(len(STAGES), len(STAGES), "Erasing (done)")

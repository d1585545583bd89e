"""An erasure that fails is said to have failed, stays asked for, and blocks no build."""

from typing import Any

import psycopg
import pytest

from core.builds.build import Builder
from core.errors import UnavailableError
from core.privacy import erasures, queue
from core.privacy.erasure import STAGES, ignore_progress
from core.settings import Settings

Connection = psycopg.Connection[Any]


def test_a_failure_is_noted_and_not_tried_again_at_once(
    settings: Settings, database: Connection
) -> None:
    database.autocommit = True
    erasures.ask(database, "ann")
    attempts = []

    def drain() -> None:
        attempts.append(1)
        raise UnavailableError("The lake cannot be reached.")

    waiting = queue.ErasureQueue(drain)
    with Builder(settings).open() as builder:
        waiting.work_off(builder)
        waiting.work_off(builder)
    assert len(attempts) == 1
    left = erasures.find(database, "ann")
    assert left is not None
    assert (left.status, left.stage, left.student_id) == ("erasing", STAGES[0], "ann")
    assert left.error == "The lake cannot be reached."
    with pytest.raises(erasures.ErasureFailedError, match="tried again: The lake"):
        queue.wait_for(database, "ann", ignore_progress)
    again = erasures.ask(database, "ann")
    assert (again.erasure_id, again.error) == (left.erasure_id, None)

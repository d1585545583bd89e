"""Builds that someone asks of the running build loop, and what became of them."""

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from core.builds.build import BuildFailedError, BuildResult

POLL_SECONDS = 0.2


@dataclass(frozen=True)
class BuildRequest:
    """A build that was asked for."""

    request_id: int
    full_refresh: bool


def next_request(connection: psycopg.Connection[Any]) -> BuildRequest | None:
    """The oldest request that has no outcome yet."""
    with connection.cursor(row_factory=class_row(BuildRequest)) as cursor:
        return cursor.execute(
            "select request_id, full_refresh from publishing.build_requests"
            " where build_id is null and error is null order by request_id limit 1"
        ).fetchone()


def answer_request(
    connection: psycopg.Connection[Any],
    request: BuildRequest,
    outcome: BuildResult | BuildFailedError,
) -> None:
    """Record what became of a request."""
    if isinstance(outcome, BuildFailedError):
        build_id, error = None, outcome.detail
    else:
        build_id, error = outcome.build_id, None
    connection.execute(
        "update publishing.build_requests set build_id = %s, error = %s where request_id = %s",
        [build_id, error, request.request_id],
    )


def request_build(connection: psycopg.Connection[Any], *, full_refresh: bool) -> str:
    """Ask the running loop for a build and wait; returns its id, raises BuildFailedError."""
    row = connection.execute(
        "insert into publishing.build_requests (full_refresh) values (%s) returning request_id",
        [full_refresh],
    ).fetchone()
    while True:
        answer = connection.execute(
            "select build_id, error from publishing.build_requests where request_id = %s", row
        ).fetchone()
        if answer is not None and answer[0] is not None:
            return str(answer[0])
        if answer is not None and answer[1] is not None:
            raise BuildFailedError(answer[1])
        time.sleep(POLL_SECONDS)

"""The record of erasures (privacy.erasures): asked for, under way, finished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from core.errors import AppError, NotFoundError, UnacceptableError
from core.privacy import erased

COLUMNS = """
    erasure_id, student_hash, student_id, status, stage, stages_done, error, requested_at,
    finished_at
"""


class ErasureFailedError(AppError):
    """An erasure ended early; asking for it again goes on with it."""

    status = 500
    code = "erasure_failed"


@dataclass(frozen=True)
class Erasure:
    """One erasure. `student_id` is kept only while the work needs it."""

    erasure_id: UUID
    student_hash: str
    student_id: str | None
    status: str
    stage: str | None
    stages_done: int
    error: str | None
    requested_at: datetime
    finished_at: datetime | None

    @property
    def pseudonym(self) -> str:
        """What stands where the student's id stood."""
        return erased.pseudonym(self.student_hash)


def find(connection: psycopg.Connection[Any], student_id: str) -> Erasure | None:
    """The erasure of that student, in whatever state; None if nobody asked for it."""
    student_hash = erased.keyed_hash(erased.read_key(connection), student_id)
    return _one(connection, "where student_hash = %s", [student_hash])


def next_unfinished(connection: psycopg.Connection[Any]) -> Erasure | None:
    """The oldest erasure that is not finished."""
    return _one(connection, "where status <> 'finished' order by requested_at limit 1", [])


def require_student(connection: psycopg.Connection[Any], student_id: str) -> None:
    """404 unless the roster knows the user, 422 unless they are a student."""
    row = connection.execute(
        "select payload @? '$.roles[*] ? (@.role == \"student\")' from registry.records"
        " where record_type = 'user' and sourced_id = %s",
        [student_id.replace("\0", "")],
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no user {student_id!r}.", code="unknown_user")
    if not row[0]:
        raise UnacceptableError(f"The user {student_id!r} is no student.", code="not_a_student")


def ask(
    connection: psycopg.Connection[Any], student_id: str, *, is_reapplied: bool = False
) -> Erasure:
    """Ask for an erasure; from the commit on nothing about the student is taken any more.

    Asking again for one that is not finished lets it be tried anew; a finished one is done again
    from the start. `is_reapplied`: nothing is served until it is finished.
    """
    student_hash = erased.keyed_hash(erased.read_key(connection), student_id)
    connection.execute(
        "insert into privacy.erasures as erasures (student_hash, student_id, is_reapplied)"
        " values (%s, %s, %s)"
        " on conflict (student_hash) do update set is_reapplied = excluded.is_reapplied,"
        " student_id = excluded.student_id, error = null, stage = null, stages_done = 0,"
        " status = case erasures.status when 'finished' then 'requested' else erasures.status end",
        [student_hash, student_id, is_reapplied],
    )
    asked = _one(connection, "where student_hash = %s", [student_hash])
    assert asked is not None  # noqa: S101  inserted above
    return asked


def refuse_for_good(connection: psycopg.Connection[Any], student_hash: str) -> None:
    """Take over an erasure of a student of whom this install holds nothing."""
    connection.execute(
        "insert into privacy.erasures (student_hash, status, finished_at)"
        " values (%s, 'finished', now()) on conflict (student_hash) do nothing",
        [student_hash],
    )


def note_stage(
    connection: psycopg.Connection[Any], erasure: Erasure, stage: str, done: int
) -> None:
    """Say what is being done."""
    connection.execute(
        "update privacy.erasures set stage = %s, stages_done = %s, error = null,"
        " status = case status when 'requested' then 'erasing' else status end"
        " where erasure_id = %s",
        [stage, done, erasure.erasure_id],
    )


def note_failure(connection: psycopg.Connection[Any], erasure: Erasure, reason: str) -> None:
    """Say why an attempt ended early."""
    connection.execute(
        "update privacy.erasures set error = %s where erasure_id = %s",
        [reason, erasure.erasure_id],
    )


def forget_id(connection: psycopg.Connection[Any], erasure: Erasure) -> None:
    """Let go of the student's id: only traces that are cleaned without it are left."""
    connection.execute(
        "update privacy.erasures set student_id = null, status = 'cleaning' where erasure_id = %s",
        [erasure.erasure_id],
    )


def finish(connection: psycopg.Connection[Any], erasure: Erasure) -> None:
    """The student is erased."""
    connection.execute(
        "update privacy.erasures set status = 'finished', finished_at = now(), stage = null"
        " where erasure_id = %s",
        [erasure.erasure_id],
    )


def _one(
    connection: psycopg.Connection[Any], condition: str, parameters: list[Any]
) -> Erasure | None:
    with connection.cursor(row_factory=class_row(Erasure)) as cursor:
        return cursor.execute(
            f"select {COLUMNS} from privacy.erasures {condition}", parameters
        ).fetchone()

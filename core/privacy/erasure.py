"""The erasure of one student, from everything that an install holds.

Each stage may be done again, so that a run that was killed is finished by the next one. What is
needed to find the student stays in `privacy.erasures` until only traces without a name are left.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import psycopg

from core import audit
from core.builds import locks
from core.builds.build import Builder
from core.builds.comparison import Show
from core.builds.proof import APPLICATION_NAME as PROOF_NAME
from core.privacy import (
    directory,
    erasures,
    lake_files,
    lake_rows,
    ledger,
    postgres_rows,
    postgres_traces,
)
from core.privacy.erased import Erased, read_key
from core.privacy.erasures import Erasure

logger = logging.getLogger(__name__)

Drain = Callable[[], object]  # returns when what the journal held is in the lake
STAGES = (
    "Into the lake, without the student",
    "Registry and logins",
    "Raw records and events",
    "Rebuilding the marts",
    "Old builds and files",
    "Database and its log",
)
MOVE_SECONDS = 2.0  # readers look for a newer build twice a second, and end what they answer
NAMES = ("givenName", "familyName", "middleName", "preferredFirstName", "preferredLastName")


def ignore_progress(_done: int, _total: int, _label: str) -> None:
    """For a run that nobody watches."""


def erase(builder: Builder, erasure: Erasure, drain: Drain, show: Show = ignore_progress) -> None:
    """Do all of an erasure that is left to do; the caller opened the builder.

    The loader rests meanwhile (events are taken and wait in the journal), and no proof runs. Takes
    as long as a full build. Raises BuildFailedError, RowsLeftError or a database's error.
    """
    with ExitStack() as stack:
        stack.enter_context(locks.holding(builder.postgres, locks.PROOF))
        ledger.append(builder.settings, ledger.entry_of(builder.postgres, erasure))

        def begin(stage: int) -> None:
            erasures.note_stage(builder.postgres, erasure, STAGES[stage], stage)
            show(stage, len(STAGES), f"Erasing ({STAGES[stage]})")

        if erasure.student_id is not None:
            begin(0)
            drain()
            stack.enter_context(locks.holding(builder.postgres, locks.RAW_TABLES))
            _erase_named(builder, erasure, erasure.student_id, begin)
        begin(5)
        postgres_traces.scrub(builder.settings, builder.postgres)
        erasures.finish(builder.postgres, erasure)
        show(len(STAGES), len(STAGES), "Erasing (done)")
    logger.info("erasure %s is finished", erasure.erasure_id)


def _erase_named(
    builder: Builder, erasure: Erasure, student_id: str, begin: Callable[[int], None]
) -> None:
    """Everything that needs the student's id."""
    settings, connection = builder.settings, builder.postgres
    erased = Erased(read_key(connection), frozenset([erasure.student_hash]))
    begin(1)
    identifiers, names = _called(builder, student_id)
    directory.mask(settings, identifiers, names)
    postgres_rows.erase_rows(connection, erased, student_id, erasure.pseudonym)
    begin(2)
    lake_rows.erase_rows(builder.duck, erased, student_id)
    lake_files.compact_raw(settings, connection, builder.duck)
    lake_files.drop_leftovers(builder.duck)
    begin(3)
    build_id = builder.build(full_refresh=True, is_raw_at_rest=True).build_id
    begin(4)
    _keep_only(connection, build_id)
    time.sleep(MOVE_SECONDS)
    locks.fence(connection, PROOF_NAME)
    directory.remove_scratch(settings)
    lake_files.keep_only_newest(builder.duck)
    lake_files.recompute_statistics(connection)
    directory.mask(settings, identifiers, names)
    postgres_rows.erase_rows(connection, erased, student_id, erasure.pseudonym)
    with connection.transaction():
        erasures.forget_id(connection, erasure)
        audit.record_operator(
            connection,
            "student.erase",
            {"erasure_id": str(erasure.erasure_id)},
            student_id=erasure.pseudonym,
        )


def _keep_only(connection: psycopg.Connection[Any], build_id: str) -> None:
    """Drop every build but this one; what is read of them later is answered with 410."""
    with locks.holding(connection, locks.KEPT_BUILDS):
        connection.execute(
            "update publishing.builds set status = 'dropped'"
            " where status = 'published' and build_id <> %s",
            [build_id],
        )


def _called(builder: Builder, student_id: str) -> tuple[set[str], set[str]]:
    """The student's id, addresses and full names; and each of their names."""
    found = builder.postgres.execute(
        "select payload from registry.records"
        " where record_type = 'user' and sourced_id = %(id)s"
        " union all select jsonb_build_object('email', email) from identity.people"
        " where user_id = %(id)s",
        {"id": student_id},
    ).fetchall()
    identifiers = {student_id}
    names: set[str] = set()
    for (payload,) in found:
        texts = {name: payload[name] for name in NAMES if isinstance(payload.get(name), str)}
        names.update(texts.values())
        identifiers.update(
            payload[name] for name in ("email", "username") if isinstance(payload.get(name), str)
        )
        identifiers.add(f"{texts.get('givenName', '')} {texts.get('familyName', '')}".strip())
    return identifiers, names

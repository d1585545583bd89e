"""The audit log: who read which student's records, and who changed who may."""

import getpass
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import psycopg
from psycopg.types.json import Jsonb

from core.access import Viewer


def record_reads(
    connection: psycopg.Connection[Any],
    viewer: Viewer,
    action: str,
    student_ids: Iterable[str],
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one row for each student whose records a person read; a partner's backend writes none.

    `action` names what was read (`xp.entries`); `details` holds no personal data.
    """
    students = sorted(set(student_ids))
    if viewer.kind != "person" or not students:
        return
    connection.execute(
        "insert into identity.audit_log (actor_kind, actor_id, action, student_id, details)"
        " select 'person', %s, %s, student_id, %s from unnest(%s::text[]) as read (student_id)",
        [viewer.subject, action, Jsonb(dict(details or {})), students],
    )


def record(
    connection: psycopg.Connection[Any],
    *,
    actor_kind: Literal["person", "client", "operator"],
    actor_id: str,
    action: str,
    student_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one row: who did what, about which student if about one.

    `action` is a noun and a verb (`token.issue`, `partner.promote`); `details` holds no secret and
    no personal data. `actor_id` is a person's id, a client_id or a system user's name.
    """
    connection.execute(
        "insert into identity.audit_log (actor_kind, actor_id, action, student_id, details)"
        " values (%s, %s, %s, %s, %s)",
        [actor_kind, actor_id, action, student_id, Jsonb(dict(details or {}))],
    )


def record_viewer(
    connection: psycopg.Connection[Any],
    viewer: Viewer,
    action: str,
    *,
    student_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write that whoever a token speaks for, person or backend, did `action`."""
    record(
        connection,
        actor_kind=viewer.kind,
        actor_id=viewer.subject,
        action=action,
        student_id=student_id,
        details=details,
    )


def record_operator(
    connection: psycopg.Connection[Any],
    action: str,
    details: Mapping[str, Any],
    *,
    student_id: str | None = None,
) -> None:
    """Write that whoever runs commands on this install (by their system name) did `action`."""
    record(
        connection,
        actor_kind="operator",
        actor_id=getpass.getuser(),
        action=action,
        student_id=student_id,
        details=details,
    )

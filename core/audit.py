"""The audit log: which person read which student's records, and when."""

import getpass
from collections.abc import Iterable, Mapping
from typing import Any

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


def record_operator(
    connection: psycopg.Connection[Any], action: str, details: Mapping[str, Any]
) -> None:
    """Write that whoever runs commands on this install (by their system name) did `action`."""
    connection.execute(
        "insert into identity.audit_log (actor_kind, actor_id, action, details)"
        " values ('operator', %s, %s, %s)",
        [getpass.getuser(), action, Jsonb(dict(details))],
    )

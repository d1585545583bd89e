"""Who may take a student's data along, and who may have it erased."""

from typing import Any

import psycopg

from core import access
from core.access import Viewer
from core.errors import ForbiddenError, NotFoundError

LINK = """
    select 1 from registry.records
    where
        record_type = 'agent' and status = 'active'
        and payload -> 'agent' ->> 'sourcedId' = %(user_id)s
        and payload -> 'student' ->> 'sourcedId' = %(student_id)s
        and coalesce(payload ->> 'role', 'parent') in ('parent', 'guardian')
"""


def require_export(connection: psycopg.Connection[Any], viewer: Viewer, student_id: str) -> None:
    """Platform admins and admin clients; the student themself; their parents and guardians.

    403 for every other role, also for guides; 404 for a student who is not there, or not theirs.
    """
    if not viewer.sees_everything and not viewer.roles & {"student", "parent"}:
        raise ForbiddenError(
            "An export is for the student, their parents and platform admins.", code="role_required"
        )
    sight = access.sight_of(connection, viewer)
    access.may_name(connection, sight, student_id)
    if viewer.sees_everything or viewer.user_id == student_id:
        return
    parameters = {"user_id": viewer.user_id, "student_id": student_id}
    if connection.execute(LINK, parameters).fetchone() is None:
        raise NotFoundError(f"There is no user {student_id!r}.", code="unknown_user")


def require_erasure(viewer: Viewer) -> None:
    """Platform admins and admin clients; 403 for everyone else."""
    if not viewer.sees_everything:
        raise ForbiddenError("An erasure is for platform admins.", code="role_required")

"""What every read route stands on: who asks, what they may see, and one published build."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import psycopg
from fastapi import Depends

from api.periods import read_zone
from api.published import PublishedBuild
from core import access, audit
from core.access import Sight, Viewer
from core.builds.reader import PublishedLake
from core.dependencies import Database, require_scope
from core.errors import Fault, MalformedError, NotFoundError
from core.zones import find_zone


@dataclass(frozen=True)
class Student:
    """A student whom the viewer may read."""

    student_id: str
    is_named: bool
    lake: PublishedLake

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the student's school; UTC if none is known."""
        rows = self.lake.rows(
            "select timezone from marts.dim_students where student_id = $student_id",
            {"student_id": self.student_id},
        )
        zone = find_zone(rows[0]["timezone"]) if rows and rows[0]["timezone"] else None
        return zone or ZoneInfo("UTC")


@dataclass(frozen=True)
class Reading:
    """One request's read: the viewer, their sight, the registry and the build."""

    viewer: Viewer
    sight: Sight
    database: psycopg.Connection[Any]
    lake: PublishedLake

    def student(self, student_id: str, action: str) -> Student:
        """The student, noted in the audit log as read; 404 if absent or not the viewer's."""
        is_named = access.may_name(self.database, self.sight, student_id)
        self.note(action, [student_id])
        return Student(student_id, is_named, self.lake)

    def student_named(self, student_id: str | None, email: str | None, action: str) -> Student:
        """The student of `studentId=` or of `email=`; 400 unless exactly one of them was sent."""
        if student_id and not email:
            return self.student(student_id, action)
        if email and not student_id:
            return self.student_by_email(email, action)
        message = "Send either studentId or email."
        fault = Fault("query.studentId", message)
        raise MalformedError(message, code="student_not_named", faults=(fault,))

    def student_by_email(self, email: str, action: str) -> Student:
        """The one student of that address whose address the viewer may read; else 404."""
        rows = self.database.execute(
            "select sourced_id from registry.records where record_type = 'user'"
            " and status = 'active' and lower(payload ->> 'email') = lower(%s)"
            " order by sourced_id",
            [email.replace("\0", "")],
        ).fetchall()
        for (student_id,) in rows:
            try:
                if access.may_name(self.database, self.sight, student_id):
                    return self.student(student_id, action)
            except NotFoundError:
                continue
        raise NotFoundError("There is no user with that e-mail address.", code="unknown_user")

    def requested_zone(self, name: str | None) -> ZoneInfo | None:
        """The zone that `timezone=` names, None if it was not sent; 400 if there is none such."""
        if name is None:
            return None
        known = self.lake.rows(
            "select name from pg_timezone_names() where name = $name", {"name": name}
        )
        return read_zone(name, [row["name"] for row in known])

    def note(self, action: str, student_ids: Iterable[str]) -> None:
        """Write to the audit log that a person read these students' records."""
        details = {"build_id": self.lake.build.build_id}
        audit.record_reads(self.database, self.viewer, action, student_ids, details)


def open_reading(
    viewer: Annotated[Viewer, require_scope("events.readonly")],
    database: Database,
    lake: PublishedBuild,
) -> Reading:
    """Resolve what the viewer may see, before any query runs."""
    return Reading(viewer, access.sight_of(database, viewer), database, lake)


CurrentReading = Annotated[Reading, Depends(open_reading)]

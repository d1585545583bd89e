"""What a report stands on: the reader's role, and the students that it may cover."""

from api.reading import Reading
from core.access import Viewer
from core.errors import ForbiddenError

STUDENTS = "select student_id from dim_students where is_active and {sight} order by student_id"


def require_role(viewer: Viewer, *roles: str) -> None:
    """403 unless the viewer has one of the roles; platform admins have every role but partner."""
    held = viewer.roles | ({"guide", "admin"} if viewer.sees_everything else frozenset())
    if not held & set(roles):
        raise ForbiddenError(
            f"This report is for the role {' or '.join(roles)}.", code="role_required"
        )


def is_staff(viewer: Viewer) -> bool:
    """Guides and admins, who assign work; families and students are not."""
    return viewer.sees_everything or bool(viewer.roles & {"guide", "admin"})


def visible_students(reading: Reading) -> list[str]:
    """Ids of the active students that the reader may see, in order."""
    sight = reading.sight.students("dim_students")
    rows = reading.lake.rows(STUDENTS.format(sight=sight.sql), sight.parameters)
    return [row["student_id"] for row in rows]

"""Whom the reader can look at."""

from api.reading import Reading
from api.reports.queries import navigation
from api.reports.reading import visible_students
from api.reports.reports import stamp
from api.reports.schemas.admin import Students


def students(reading: Reading) -> Students:
    """A guide's students, an admin's, a parent's children, or the student themself, by name."""
    found = visible_students(reading)
    reading.note("reports.students", found)
    return Students.model_validate(
        {**stamp(reading), "students": navigation.names(reading.lake, found)}
    )

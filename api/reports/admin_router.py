"""The reports of admins beside schools and data health, and the build log."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.parameters import KNOWN_ONLY
from api.published import PublishedBuild
from api.reading import CurrentReading
from api.reports import app_use, operations, people, roster_health
from api.reports.reading import require_role
from api.reports.router import REFUSALS, AnyViewer, Days, Subject
from api.reports.schemas.admin import AdminApps, Builds, RosterHealth, Students
from core.dependencies import Database

router = APIRouter(
    prefix="/reports/1.0", tags=["Reports"], responses=REFUSALS, dependencies=KNOWN_ONLY
)

SchoolId = Annotated[
    str | None,
    Query(alias="schoolId", description="Only this school.", examples=["school-austin-1"]),
]
Grade = Annotated[str | None, Query(description="Only this grade.", examples=["05"])]


@router.get("/me/students")
def read_students(reading: CurrentReading) -> Students:
    """The students whose pages the reader can open, by name."""
    require_role(reading.viewer, "student", "parent", "guide", "admin")
    return people.students(reading)


@router.get("/admin/apps")
def read_admin_apps(
    reading: CurrentReading,
    days: Days = 28,
    school_id: SchoolId = None,
    grade: Grade = None,
    subject: Subject = None,
) -> AdminApps:
    """Apps compared within grade and subject; groups under 5 students are hidden."""
    require_role(reading.viewer, "admin")
    return app_use.admin_apps(reading, days, school_id, grade, subject)


@router.get("/admin/roster-health")
def read_roster_health(reading: CurrentReading, days: Days = 28) -> RosterHealth:
    """What is missing in the roster, each with a count, the records and what to do."""
    require_role(reading.viewer, "admin")
    return roster_health.roster_health(reading, days)


@router.get("/analyst/builds")
def read_builds(viewer: AnyViewer, database: Database, lake: PublishedBuild) -> Builds:
    """The newest builds: when, how long, full or small, tests, failures."""
    require_role(viewer, "analyst", "admin")
    return operations.build_log(database, lake)

"""The reports behind the dashboards: a few aggregated answers, each for one role."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.parameters import KNOWN_ONLY, UserId
from api.published import PublishedBuild
from api.reading import CurrentReading
from api.reports import operations, reports
from api.reports.reading import require_role
from api.reports.schemas.family import ParentToday
from api.reports.schemas.learning import GuideToday, StudentReport
from api.reports.schemas.operations import AdminSchools, DataHealth
from api.reports.schemas.parts import Freshness, Me
from api.responses import READ
from core.access import Viewer
from core.dependencies import AppContext, Database, require_scope

REFUSALS: dict[int | str, dict[str, Any]] = {
    **{status: READ[status] for status in (400, 401, 404, 410, 503)},
    403: {**READ[403], "description": "The token's role or scope has no such report."},
}
router = APIRouter(
    prefix="/reports/1.0",
    tags=["Reports"],
    responses=REFUSALS,
    dependencies=KNOWN_ONLY,
)

AnyViewer = Annotated[Viewer, require_scope("events.readonly")]
On = Annotated[
    date | None,
    Query(
        alias="on",
        description="A local day of the school; today where the student is.",
        examples=["2026-01-15"],
    ),
]
ClassId = Annotated[
    str | None,
    Query(alias="classId", description="Only this class.", examples=["class-reading-5a"]),
]
Subject = Annotated[str | None, Query(description="Only this subject.", examples=["Math"])]
WithStudents = Annotated[
    bool, Query(description="Answer the ids of all students whom the reader sees, too.")
]
Days = Annotated[int, Query(ge=1, le=90, description="Days up to today.")]


@router.get("/me")
def read_me(
    viewer: AnyViewer, database: Database, lake: PublishedBuild, students: WithStudents = False
) -> Me:
    """Who the token speaks for, and the classes, schools and children they can choose."""
    return operations.me(viewer, database, lake, with_students=students)


@router.get("/freshness")
def read_freshness(
    viewer: AnyViewer, database: Database, lake: PublishedBuild, context: AppContext
) -> Freshness:
    """The newest published build, its age in seconds and the events that wait for the next."""
    return operations.freshness(viewer, database, lake, context.lake)


@router.get("/guide/today")
def read_guide_today(
    reading: CurrentReading,
    class_id: ClassId = None,
    on: On = None,
) -> GuideToday:
    """The guide's students on a day, those who need the guide most first."""
    require_role(reading.viewer, "guide", "admin")
    return reports.guide_today(reading, class_id, on)


@router.get("/students/{student_id}")
def read_student(
    reading: CurrentReading, student_id: UserId, on: On = None, subject: Subject = None
) -> StudentReport:
    """One student's day: time by app, XP against pace, lessons, and the ledger to the event."""
    require_role(reading.viewer, "student", "parent", "guide", "admin")
    return reports.student_report(reading, student_id, on, subject)


@router.get("/parent/today")
def read_parent_today(reading: CurrentReading, on: On = None) -> ParentToday:
    """The parent's linked children: the day by subject and lesson, and the week before it."""
    require_role(reading.viewer, "parent")
    return reports.parent_today(reading, on)


@router.get("/admin/schools")
def read_admin_schools(reading: CurrentReading, days: Days = 14) -> AdminSchools:
    """The admin's schools: students, activity, XP and goals, today and on the days before."""
    require_role(reading.viewer, "admin")
    return operations.admin_schools(reading, days)


@router.get("/admin/data-health")
def read_data_health(reading: CurrentReading, days: Days = 14) -> DataHealth:
    """Journal, loads, builds and verdicts: whether everything that was sent is counted."""
    require_role(reading.viewer, "admin")
    return operations.data_health(reading, days)

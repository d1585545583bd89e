"""`/privacy/1.0`: a student's data to take along, and its erasure."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.parameters import KNOWN_ONLY
from api.privacy.schemas import ErasureState
from api.published import PublishedBuild
from api.responses import READ, UNBUILT_READ
from core import audit
from core.access import Viewer
from core.dependencies import AppContext, Database, require_scope
from core.errors import NotFoundError
from core.privacy import erasures, rights
from core.privacy.export import temporary_file, write_export

router = APIRouter(prefix="/privacy/1.0/students", tags=["Privacy"], dependencies=KNOWN_ONLY)

AnyViewer = Annotated[Viewer, require_scope("events.readonly")]
StudentPath = Annotated[
    str, Path(description="The student's `sourcedId`.", examples=["student-ana"])
]
ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
EXPORT: dict[int | str, dict[str, Any]] = {
    **{status: READ[status] for status in (400, 401, 403, 404, 410, 503)},
    200: {
        "description": "A zip: JSON as sent, a CSV of each mart, and `index.html` to read and"
        " print.",
        "content": ZIP,
    },
}
STATE: dict[int | str, dict[str, Any]] = {
    **{status: UNBUILT_READ[status] for status in (400, 401, 403)},
    404: READ[404],
}


@router.get(
    "/{student_id}/export",
    response_class=FileResponse,
    responses=EXPORT,
    summary="Take a student's data along",
)
def export_student(
    student_id: StudentPath,
    viewer: AnyViewer,
    context: AppContext,
    database: Database,
    lake: PublishedBuild,
) -> FileResponse:
    """All that is held about one student, for them, their parents and platform admins.

    Whoever read the records is named to admins alone; students and parents see roles.
    """
    rights.require_export(database, viewer, student_id)
    audit.record_viewer(
        database,
        viewer,
        "student.export",
        student_id=student_id,
        details={"build_id": lake.build.build_id},
    )
    file = temporary_file(context.settings.temp_directory)
    try:
        write_export(database, lake, student_id, file, is_for_staff=viewer.sees_everything)
    except BaseException:
        file.unlink()
        raise
    return FileResponse(
        file,
        media_type="application/zip",
        filename="student-export.zip",
        headers={"Cache-Control": "private, no-store"},
        background=BackgroundTask(file.unlink),
    )


@router.post(
    "/{student_id}/erasure", status_code=202, responses=STATE, summary="Erase a student for good"
)
def ask_erasure(student_id: StudentPath, viewer: AnyViewer, database: Database) -> ErasureState:
    """Ask for the erasure of a student from everything that is held; there is no way back.

    From the answer on nothing about the student is taken any more. The builds process does the
    work, which takes as long as a full build; asking again is safe, and goes on with what failed.
    """
    rights.require_erasure(viewer)
    known = erasures.find(database, student_id)
    if known is None:
        erasures.require_student(database, student_id)
    if known is None or known.error is not None:
        known = erasures.ask(database, student_id)
        audit.record_viewer(
            database,
            viewer,
            "student.ask_erasure",
            student_id=known.pseudonym,
            details={"erasure_id": str(known.erasure_id)},
        )
    return ErasureState.of(known)


@router.get("/{student_id}/erasure", responses=STATE, summary="Read how far an erasure has come")
def read_erasure(student_id: StudentPath, viewer: AnyViewer, database: Database) -> ErasureState:
    """The state of a student's erasure; 404 if nobody asked for one."""
    rights.require_erasure(viewer)
    found = erasures.find(database, student_id)
    if found is None:
        raise NotFoundError("Nobody asked for that erasure.", code="unknown_erasure")
    return ErasureState.of(found)

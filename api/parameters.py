"""Parameters that many read routes share, each described once."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from core.errors import Fault, MalformedError

UserId = Annotated[
    str,
    Path(description="The student's `sourcedId`.", examples=["student-ana"]),
]
StudentId = Annotated[
    str | None,
    Query(alias="studentId", description="The student's `sourcedId`.", examples=["student-ana"]),
]
Email = Annotated[
    str | None,
    Query(
        description="The student's e-mail address, instead of `studentId`; found only where the"
        " caller may read it.",
        examples=["ana@school.example"],
    ),
]
ApplicationId = Annotated[
    str | None,
    Query(
        alias="applicationId",
        description="Only what was done in this app (`edApp.id`, its last part).",
        examples=["alphatok"],
    ),
]
CourseId = Annotated[
    str | None,
    Query(
        alias="courseId",
        description="Only this course (its `sourcedId`).",
        examples=["course-reading-5"],
    ),
]
LessonId = Annotated[
    str | None,
    Query(
        alias="lessonId",
        description="Only this lesson (its `sourcedId`).",
        examples=["lesson-main-idea"],
    ),
]
StartDate = Annotated[
    str | None,
    Query(
        alias="startDate",
        description="First day, included. An ISO 8601 date, or a date-time, which is converted to"
        " the date in the zone of the answer.",
        examples=["2026-01-15"],
    ),
]
EndDate = Annotated[
    str | None,
    Query(
        alias="endDate",
        description="Last day, included. As `startDate`; before it is 400.",
        examples=["2026-01-21"],
    ),
]
After = Annotated[
    str | None, Query(description="The same as `startDate`.", examples=["2026-01-15"])
]
Before = Annotated[str | None, Query(description="The same as `endDate`.", examples=["2026-01-21"])]
Timezone = Annotated[
    str | None,
    Query(
        description="Whose days: an IANA zone. Regroups seconds, events and XP; goals, streaks and"
        " mastery keep the day of the student's school, which is the default.",
        examples=["America/Chicago"],
    ),
]


async def refuse_unknown(request: Request) -> None:
    """400 that names each query parameter which the route does not read, and those that it does.

    A `page=2` that nobody reads would answer the first page for the second.
    """
    known = parameters_of(request.scope["route"])
    faults = tuple(
        Fault(f"query.{name}", f"{name} is not a parameter here; {_in_words(known)}.")
        for name in request.query_params
        if name not in known
    )
    if faults:
        detail = "; ".join(fault.message for fault in faults)
        raise MalformedError(detail, code="unknown_parameter", faults=faults)


KNOWN_ONLY = [Depends(refuse_unknown)]
"""What every router of reads depends on."""


def parameters_of(route: APIRoute) -> set[str]:
    """The query parameters that a route reads, with all that it depends on."""
    return _read_by(route.dependant)


def _read_by(dependant: Dependant) -> set[str]:
    inner = (_read_by(one) for one in dependant.dependencies)
    return {field.alias for field in dependant.query_params}.union(*inner)


def _in_words(known: set[str]) -> str:
    return f"parameters are {', '.join(sorted(known))}" if known else "there are none"

"""`/explain/1.0`: from any figure down to the raw events and the rule that made it.

Each answer holds the figure as the read-back shows it, the rows that it is made of (their amounts
sum up to it), the events exactly as sent, and the dbt models, descriptions and numbers behind.
Days are those of the student's school.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi import Request as HttpRequest

from api.explain import event, goals, grades, mastery, time, xp
from api.explain.parts import Request
from api.explain.queries.ledger import Part
from api.explain.schemas import Explanation
from api.formats import answer
from api.parameters import KNOWN_ONLY
from api.reading import CurrentReading
from api.responses import READ
from core.dependencies import AppContext

router = APIRouter(prefix="/explain/1.0", tags=["Explain"], dependencies=KNOWN_ONLY)

StudentId = Annotated[
    str, Query(alias="studentId", description="sourcedId.", examples=["student-ana"])
]
Day = Annotated[
    date, Query(alias="date", description="Local day at the school.", examples=["2026-01-15"])
]
LessonId = Annotated[str, Query(alias="lessonId", description="sourcedId.", examples=["r1"])]
Subject = Annotated[str | None, Query(description="Only this subject.", examples=["Reading"])]


def read_request(
    reading: CurrentReading,
    limit: Annotated[
        int, Query(description="Most events to show as sent.", ge=1, le=1000, examples=[100])
    ] = 100,
) -> Request:
    """Who asks, and how many events they want as sent."""
    return Request(reading, limit)


def read_part(
    subject: Subject = None,
    course_id: Annotated[
        str | None, Query(alias="courseId", description="Only it.", examples=["reading-5"])
    ] = None,
    lesson_id: Annotated[
        str | None, Query(alias="lessonId", description="Only it.", examples=["r1"])
    ] = None,
    application_id: Annotated[
        str | None, Query(alias="applicationId", description="Only it.", examples=["reader"])
    ] = None,
) -> Part:
    """The part of a day that is asked for."""
    return Part(subject, course_id, lesson_id, application_id)


EntryId = Annotated[str, Path(description="The `id` of an XP entry.", examples=["3f1c9a0d5b7e"])]
SessionId = Annotated[
    str, Path(description="A session's key, or the id that its app sent.", examples=["9a1f6c"])
]
ResultId = Annotated[
    str, Path(description="`sourcedId` of an assessment result.", examples=["5c1d7e0a4b2f"])
]
EventId = Annotated[
    str,
    Path(
        description="The event's id, with or without `urn:uuid:`.",
        examples=["0b7f3d0e-5a52-4c7b-9a51-6a3f4d0c1a01"],
    ),
]
Asked = Annotated[Request, Depends(read_request)]
PartOfDay = Annotated[Part, Depends(read_part)]


def respond(http: HttpRequest, asked: Request, explanation: Explanation) -> Response:
    """The explanation, with an ETag over it."""
    return answer(http, asked.reading.lake.build, lambda: explanation)


@router.get("/xp", response_model=Explanation, responses=READ)
def explain_xp(
    http: HttpRequest, asked: Asked, student_id: StudentId, day: Day, part: PartOfDay
) -> Response:
    """The XP of a student's day (`xpEarned`): its ledger entries and their events."""
    return respond(http, asked, xp.total(asked, student_id, day, part))


@router.get("/xp-entry/{entry_id}", response_model=Explanation, responses=READ)
def explain_xp_entry(http: HttpRequest, asked: Asked, entry_id: EntryId) -> Response:
    """One ledger entry; of a reverse also the entry that it takes back."""
    return respond(http, asked, xp.one_entry(asked, entry_id))


@router.get("/minutes", response_model=Explanation, responses=READ)
def explain_minutes(
    http: HttpRequest, asked: Asked, student_id: StudentId, day: Day, part: PartOfDay
) -> Response:
    """The seconds of a student's day: each stretch of activity and the events that bound it."""
    return respond(http, asked, time.minutes(asked, student_id, day, part))


@router.get("/session/{session_id:path}", response_model=Explanation, responses=READ)
def explain_session(http: HttpRequest, asked: Asked, session_id: SessionId) -> Response:
    """One session's seconds, by its key or the id that its app sent."""
    return respond(http, asked, time.session(asked, session_id))


@router.get("/result/{result_id}", response_model=Explanation, responses=READ)
def explain_result(http: HttpRequest, asked: Asked, result_id: ResultId) -> Response:
    """One gradebook result: the event that set its score, its answers, the attempt's events."""
    return respond(http, asked, grades.result(asked, result_id))


@router.get("/mastery", response_model=Explanation, responses=READ)
def explain_mastery(
    http: HttpRequest, asked: Asked, student_id: StudentId, lesson_id: LessonId
) -> Response:
    """A student's mastery state in a lesson: its evidence, attempt by attempt."""
    return respond(http, asked, mastery.state(asked, student_id, lesson_id))


@router.get("/goal", response_model=Explanation, responses=READ)
def explain_goal(
    http: HttpRequest,
    asked: Asked,
    student_id: StudentId,
    day: Day,
    subject: Subject = None,
    enrollment_id: Annotated[
        str | None,
        Query(
            alias="enrollmentId",
            description="To partners: which of its goals.",
            examples=["ana-reading-5"],
        ),
    ] = None,
) -> Response:
    """A day's goal: the records that set it, and the credited XP toward it."""
    return respond(http, asked, goals.of_day(asked, student_id, day, subject, enrollment_id))


@router.get("/event/{event_id:path}", response_model=Explanation, responses=READ)
def explain_event(
    http: HttpRequest, asked: Asked, context: AppContext, event_id: EventId
) -> Response:
    """An event's verdict and every row that it made, with the rules of each."""
    return respond(http, asked, event.verdict(asked, context.lake, event_id))

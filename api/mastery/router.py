"""`/mastery/1.0`: how far each student is in each lesson, and on what evidence."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.formats import answer_list, stamp
from api.mastery import queries
from api.mastery.schemas import LessonMastery, LessonStudents, State, StudentLessons
from api.paging import Page, paging
from api.parameters import KNOWN_ONLY, CourseId, UserId
from api.reading import CurrentReading
from api.responses import LIST

router = APIRouter(prefix="/mastery/1.0", tags=["Mastery"], dependencies=KNOWN_ONLY)

InState = Annotated[
    State | None, Query(description="Only lessons in this state.", examples=["mastered"])
]
LessonPath = Annotated[
    str, Path(description="The lesson's `sourcedId`.", examples=["lesson-main-idea"])
]
MasteryPage = Annotated[Page, paging(100, 1000)]


@router.get(
    "/users/{user_id}/lessons",
    response_model=StudentLessons,
    responses=LIST,
    summary="List a student's lessons with their mastery",
)
def read_lessons(
    request: Request,
    reading: CurrentReading,
    user_id: UserId,
    page: MasteryPage,
    course_id: CourseId = None,
    state: InState = None,
) -> Response:
    """A student's lessons in course order, each with its state and the evidence for it."""
    student = reading.student(user_id, "mastery.lessons")
    listing = queries.lessons_of_student(reading, student.student_id, course_id, state, page)
    build = reading.lake.build
    return answer_list(
        request,
        build,
        listing,
        lambda: StudentLessons(
            lessons=[LessonMastery.from_row(row) for row in listing.frame.iter_rows(named=True)],
            **listing.stamps,
            **stamp(build),
        ),
    )


@router.get(
    "/lessons/{lesson_id}/students",
    response_model=LessonStudents,
    responses=LIST,
    summary="List a lesson's students with their mastery",
)
def read_students(
    request: Request,
    reading: CurrentReading,
    lesson_id: LessonPath,
    page: MasteryPage,
    state: InState = None,
) -> Response:
    """The students of a lesson whom the caller may read, each with state and evidence."""
    listing = queries.students_of_lesson(reading, lesson_id, state, page)
    reading.note("mastery.students", listing.frame["student_id"].to_list())
    build = reading.lake.build
    return answer_list(
        request,
        build,
        listing,
        lambda: LessonStudents(
            students=[LessonMastery.from_row(row) for row in listing.frame.iter_rows(named=True)],
            **listing.stamps,
            **stamp(build),
        ),
    )

"""`/gradebook/1.0`: results and line items (OneRoster 1.2 Gradebook, read side), and questions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.formats import answer_list, stamp
from api.gradebook import answers, pages
from api.gradebook.items import Items, ItemStatistics, items
from api.gradebook.questions import LineItemQuestion, ResultQuestion
from api.gradebook.schemas import AssessmentResult, Result
from api.paging import Page, paging
from api.parameters import KNOWN_ONLY, CourseId, LessonId
from api.reading import CurrentReading
from api.responses import LIST, READ

router = APIRouter(prefix="/gradebook/1.0", tags=["Gradebook"], dependencies=KNOWN_ONLY)

GradebookPage = Annotated[Page, paging(100, 1000)]
AskedResults = Annotated[ResultQuestion, Depends()]
AskedLineItems = Annotated[LineItemQuestion, Depends()]
SourcedId = Annotated[str, Path(description="The record's `sourcedId`.", examples=["4f2a9c"])]
ATTEMPTS = (pages.AssessmentResults, AssessmentResult)
ONE_ATTEMPT = (pages.OneAssessmentResult, AssessmentResult)


@router.get("/assessment-results", response_model=pages.AssessmentResults, responses=LIST)
@router.get("/assessmentResults", response_model=pages.AssessmentResults, responses=LIST)
def read_assessment_results(
    request: Request, reading: CurrentReading, question: AskedResults, page: GradebookPage
) -> Response:
    """Attempts at assessments, one result each; every attempt unless `policy` chooses."""
    return answers.result_page(request, reading, question, page, ATTEMPTS, "all")


@router.get("/results", response_model=pages.Results, responses=LIST)
def read_results(
    request: Request, reading: CurrentReading, question: AskedResults, page: GradebookPage
) -> Response:
    """Results on line items; of several attempts the one that the course's policy counts."""
    shape = (pages.Results, Result)
    return answers.result_page(request, reading, question, page, shape, "course")


@router.get("/lineItems", response_model=pages.LineItems, responses=LIST)
def read_line_items(
    request: Request, reading: CurrentReading, question: AskedLineItems, page: GradebookPage
) -> Response:
    """What is scored: each course's lessons, assessed objects and kinds of score."""
    return answers.line_item_page(request, reading, question, page, pages.LineItems)


@router.get("/assessmentLineItems", response_model=pages.AssessmentLineItems, responses=LIST)
def read_assessment_line_items(
    request: Request, reading: CurrentReading, question: AskedLineItems, page: GradebookPage
) -> Response:
    """The same line items, under the assessments' name."""
    return answers.line_item_page(request, reading, question, page, pages.AssessmentLineItems)


@router.get("/items", response_model=Items, responses=LIST)
def read_items(
    request: Request,
    reading: CurrentReading,
    page: GradebookPage,
    course_id: CourseId = None,
    lesson_id: LessonId = None,
) -> Response:
    """Questions with their difficulty and discrimination over all answers (our extension)."""
    listing = items(reading, course_id, lesson_id, page)
    build = reading.lake.build
    rows = [ItemStatistics.from_row(row) for row in listing.frame.iter_rows(named=True)]
    return answer_list(
        request, build, listing, lambda: Items(items=rows, **listing.stamps, **stamp(build))
    )


@router.get(
    "/assessment-results/{sourced_id}", response_model=pages.OneAssessmentResult, responses=READ
)
@router.get(
    "/assessmentResults/{sourced_id}", response_model=pages.OneAssessmentResult, responses=READ
)
def read_assessment_result(
    request: Request, reading: CurrentReading, sourced_id: SourcedId
) -> Response:
    """One attempt at an assessment."""
    return answers.one_result(request, reading, sourced_id, ONE_ATTEMPT)


@router.get("/results/{sourced_id}", response_model=pages.OneResult, responses=READ)
def read_result(request: Request, reading: CurrentReading, sourced_id: SourcedId) -> Response:
    """One result."""
    return answers.one_result(request, reading, sourced_id, (pages.OneResult, Result))


@router.get("/lineItems/{sourced_id}", response_model=pages.OneLineItem, responses=READ)
def read_line_item(request: Request, reading: CurrentReading, sourced_id: SourcedId) -> Response:
    """One line item."""
    return answers.one_line_item(request, reading, sourced_id, pages.OneLineItem)


@router.get(
    "/assessmentLineItems/{sourced_id}", response_model=pages.OneAssessmentLineItem, responses=READ
)
def read_assessment_line_item(
    request: Request, reading: CurrentReading, sourced_id: SourcedId
) -> Response:
    """One line item, under the assessments' name."""
    return answers.one_line_item(request, reading, sourced_id, pages.OneAssessmentLineItem)

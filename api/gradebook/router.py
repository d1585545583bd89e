"""`/gradebook/1.0`: results and line items (OneRoster 1.2 Gradebook, read side)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.gradebook import answers, pages
from api.gradebook.questions import LineItemQuestion, ResultQuestion
from api.gradebook.schemas import AssessmentResult, Result
from api.paging import Page, paging
from api.reading import CurrentReading
from api.responses import LIST, READ

router = APIRouter(prefix="/gradebook/1.0", tags=["Gradebook"])

GradebookPage = Annotated[Page, paging(100, 1000)]
AskedResults = Annotated[ResultQuestion, Depends()]
AskedLineItems = Annotated[LineItemQuestion, Depends()]
ATTEMPTS = (pages.AssessmentResults, AssessmentResult)
RESULTS = (pages.Results, Result)


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
    return answers.result_page(request, reading, question, page, RESULTS, "course")


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


@router.get(
    "/assessment-results/{sourced_id}", response_model=pages.OneAssessmentResult, responses=READ
)
@router.get(
    "/assessmentResults/{sourced_id}", response_model=pages.OneAssessmentResult, responses=READ
)
def read_assessment_result(request: Request, reading: CurrentReading, sourced_id: str) -> Response:
    """One attempt at an assessment."""
    shape = (pages.OneAssessmentResult, AssessmentResult)
    return answers.one_result(request, reading, sourced_id, shape)


@router.get("/results/{sourced_id}", response_model=pages.OneResult, responses=READ)
def read_result(request: Request, reading: CurrentReading, sourced_id: str) -> Response:
    """One result."""
    return answers.one_result(request, reading, sourced_id, (pages.OneResult, Result))


@router.get("/lineItems/{sourced_id}", response_model=pages.OneLineItem, responses=READ)
def read_line_item(request: Request, reading: CurrentReading, sourced_id: str) -> Response:
    """One line item."""
    return answers.one_line_item(request, reading, sourced_id, pages.OneLineItem)


@router.get(
    "/assessmentLineItems/{sourced_id}",
    response_model=pages.OneAssessmentLineItem,
    responses=READ,
)
def read_assessment_line_item(
    request: Request, reading: CurrentReading, sourced_id: str
) -> Response:
    """One line item, under the assessments' name."""
    return answers.one_line_item(request, reading, sourced_id, pages.OneAssessmentLineItem)

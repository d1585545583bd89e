"""Gradebook rows as OneRoster answers: pages of a collection, and single records."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from api.formats import Listing, answer, answer_list, stamp
from api.gradebook import queries
from api.gradebook.filters import Field, check_selection
from api.gradebook.pages import GradebookPage, Single, wire_names
from api.gradebook.questions import LineItemQuestion, ResultQuestion, by_id
from api.gradebook.schemas import AssessmentResult, LineItem, Result
from api.paging import Page
from api.reading import Reading
from core.errors import NotFoundError

ResultType = type[AssessmentResult] | type[Result]


def result_page(
    request: Request,
    reading: Reading,
    question: ResultQuestion,
    page: Page,
    shape: tuple[type[GradebookPage], ResultType],
    policy: str,
) -> Response:
    """One page of results in the shape of one collection, under `policy` unless one is asked."""
    page_type, record = shape
    chosen = check_selection(question.fields, wire_names(record))
    listing = queries.results(reading, question.choice(reading, policy), page)
    reading.note("gradebook.results", listing.frame["student_id"].to_list())
    render = partial(record.from_row, origin=origin(request))
    return _page(request, reading, listing, page_type, render, chosen)


def line_item_page(
    request: Request,
    reading: Reading,
    question: LineItemQuestion,
    page: Page,
    page_type: type[GradebookPage],
) -> Response:
    """One page of line items."""
    chosen = check_selection(question.fields, wire_names(LineItem))
    listing = queries.line_items(reading, question.choice(), page)
    return _page(request, reading, listing, page_type, _line_item(request, reading), chosen)


def one_result(
    request: Request,
    reading: Reading,
    sourced_id: str,
    shape: tuple[type[Single], ResultType],
) -> Response:
    """One result; 404 if it is absent or of a student whom the viewer may not read."""
    answer_type, record = shape
    choice = by_id(queries.RESULT_FIELDS["sourcedId"], sourced_id)
    row = _only(queries.results(reading, choice, Page(1, 0)), "result", sourced_id)
    reading.note("gradebook.results", [row["student_id"]])
    return _single(request, reading, answer_type, record.from_row(row, origin(request)))


def one_line_item(
    request: Request, reading: Reading, sourced_id: str, answer_type: type[Single]
) -> Response:
    """One line item; 404 if it is absent or not the viewer's."""
    choice = by_id(Field("item.line_item_id"), sourced_id)
    row = _only(queries.line_items(reading, choice, Page(1, 0)), "line item", sourced_id)
    return _single(request, reading, answer_type, _line_item(request, reading)(row))


def origin(request: Request) -> str:
    """The origin that links in answers carry."""
    return str(request.app.state.context.settings.origin)


def _line_item(request: Request, reading: Reading) -> Callable[[dict[str, Any]], LineItem]:
    return partial(LineItem.from_row, origin=origin(request), as_of=reading.lake.build.as_of)


def _page(
    request: Request,
    reading: Reading,
    listing: Listing,
    page_type: type[GradebookPage],
    render: Callable[[dict[str, Any]], BaseModel],
    chosen: set[str] | None,
) -> Response:
    build = reading.lake.build

    def body() -> GradebookPage:
        rows = [render(row) for row in listing.frame.iter_rows(named=True)]
        parts = {page_type.collection: rows, **listing.stamps, **stamp(build)}
        return page_type.model_validate(parts).only(chosen)

    return answer_list(request, build, listing, body)


def _single(
    request: Request, reading: Reading, answer_type: type[Single], record: BaseModel
) -> Response:
    build = reading.lake.build
    parts = {answer_type.record_name: record, **stamp(build)}
    return answer(request, build, lambda: answer_type.model_validate(parts))


def _only(listing: Listing, what: str, sourced_id: str) -> dict[str, Any]:
    for row in listing.frame.iter_rows(named=True):
        return row
    raise NotFoundError(f"There is no {what} {sourced_id!r}.", code="unknown_object")

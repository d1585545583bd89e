"""`GET /events/1.0`: what became of each event, for good."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.events import detail, queries
from api.events.schemas import Events, JudgedStatus, OneEvent, Receipt, Verdict
from api.formats import answer, answer_list, stamp
from api.paging import Page, paging
from api.parameters import KNOWN_ONLY
from api.periods import read_instant
from api.reading import CurrentReading
from api.responses import LIST, READ
from core.dependencies import AppContext

router = APIRouter(prefix="/events/1.0", tags=["Events"], dependencies=KNOWN_ONLY)


@router.get("", response_model=Events, responses=LIST)
def read_events(
    request: Request,
    reading: CurrentReading,
    page: Annotated[Page, paging(100, 1000)],
    status: JudgedStatus | None = None,
    reason: Annotated[str | None, Query(examples=["unknown_lesson"])] = None,
    event_type: Annotated[str | None, Query(alias="type", examples=["GradeEvent"])] = None,
    since: Annotated[str | None, Query(description="Received at or after (ISO 8601).")] = None,
    until: Annotated[str | None, Query(description="Received before (ISO 8601).")] = None,
) -> Response:
    """Verdicts of the build, newest arrivals first. A quarantined event heals by itself."""
    received = read_instant("since", since), read_instant("until", until)
    chosen = queries.EventFilter(status, reason, event_type, *received)
    listing = queries.verdicts(reading, chosen, page)
    reading.note("events.list", listing.frame["student_id"].drop_nulls().to_list())
    build = reading.lake.build
    rows = listing.frame.iter_rows(named=True)
    return answer_list(
        request,
        build,
        listing,
        lambda: Events(
            events=[Verdict.from_row(row) for row in rows], **listing.stamps, **stamp(build)
        ),
    )


@router.get("/receipts/{receipt_id}", response_model=Receipt, responses=READ)
def read_receipt(
    request: Request, reading: CurrentReading, context: AppContext, receipt_id: UUID
) -> Response:
    """The events of one request, in the order sent."""
    rows = detail.of_receipt(reading, context.lake, str(receipt_id))
    build = reading.lake.build
    events = [Verdict.from_row(row) for row in rows]
    return answer(
        request,
        build,
        lambda: Receipt(receipt_id=str(receipt_id), events=events, **stamp(build)),
    )


@router.get("/receipts/{receipt_id}/{index}", response_model=OneEvent, responses=READ)
def read_event_of_receipt(
    request: Request, reading: CurrentReading, context: AppContext, receipt_id: UUID, index: int
) -> Response:
    """One event by its place in a request: the address of one that was refused without an id."""
    event = detail.at(reading, context.lake, str(receipt_id), index)
    build = reading.lake.build
    return answer(request, build, lambda: OneEvent(event=event, **stamp(build)))


@router.get("/{event_id:path}", response_model=OneEvent, responses=READ)
def read_event(
    request: Request, reading: CurrentReading, context: AppContext, event_id: str
) -> Response:
    """One event by its id, with or without `urn:uuid:`: its verdict and all that it made."""
    event = detail.of_event(reading, context.lake, event_id)
    build = reading.lake.build
    return answer(request, build, lambda: OneEvent(event=event, **stamp(build)))

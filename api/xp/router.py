"""`/xp/1.0`: what a student earned, entry by entry."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.formats import answer_list, stamp
from api.paging import Page, paging
from api.periods import given_period, one_of
from api.reading import CurrentReading
from api.responses import LIST
from api.xp import queries
from api.xp.schemas import XpEntries, XpEntry

router = APIRouter(prefix="/xp/1.0", tags=["XP"])


@router.get("/users/{user_id}/entries", response_model=XpEntries, responses=LIST)
def read_entries(
    request: Request,
    reading: CurrentReading,
    user_id: str,
    page: Annotated[Page, paging(50, 100)],
    application_id: Annotated[str | None, Query(alias="applicationId")] = None,
    start_date: Annotated[str | None, Query(alias="startDate", examples=["2026-01-15"])] = None,
    end_date: Annotated[str | None, Query(alias="endDate", examples=["2026-01-21"])] = None,
    after: Annotated[str | None, Query(description="The same as `startDate`.")] = None,
    before: Annotated[str | None, Query(description="The same as `endDate`.")] = None,
    timezone: Annotated[str | None, Query(examples=["America/Chicago"])] = None,
) -> Response:
    """XP ledger entries of one student, newest first.

    `value` is XP. Days are inclusive and local: of the student's school, or of `timezone`.
    """
    zone = reading.requested_zone(timezone)
    student = reading.student(user_id, "xp.entries")
    days = given_period(
        one_of(("startDate", start_date), ("after", after)),
        one_of(("endDate", end_date), ("before", before)),
        zone=lambda: zone or student.zone,
    )
    chosen = queries.EntryFilter(days, is_regrouped=zone is not None, app_id=application_id)
    listing = queries.entries(reading, user_id, chosen, page)
    build = reading.lake.build
    return answer_list(
        request,
        build,
        listing,
        lambda: XpEntries(
            entries=[XpEntry.from_row(row) for row in listing.frame.iter_rows(named=True)],
            **listing.stamps,
            **stamp(build),
        ),
    )

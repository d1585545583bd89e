"""`/xp/1.0`: what a student earned, entry by entry and day by day."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.formats import answer_list, stamp
from api.paging import Page, paging
from api.parameters import (
    KNOWN_ONLY,
    After,
    ApplicationId,
    Before,
    EndDate,
    StartDate,
    Timezone,
    UserId,
)
from api.periods import given_period, one_of, recent_period, up_to
from api.reading import CurrentReading
from api.responses import LIST
from api.xp import queries
from api.xp.schemas import XpDay, XpEntries, XpEntry, XpSummary
from api.xp.summary import summary

router = APIRouter(prefix="/xp/1.0", tags=["XP"], dependencies=KNOWN_ONLY)

XpPage = Annotated[Page, paging(50, 100)]


@router.get(
    "/users/{user_id}/entries",
    response_model=XpEntries,
    responses=LIST,
    summary="List a student's XP entries",
)
def read_entries(
    request: Request,
    reading: CurrentReading,
    user_id: UserId,
    page: XpPage,
    application_id: ApplicationId = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    after: After = None,
    before: Before = None,
    timezone: Timezone = None,
) -> Response:
    """XP ledger entries of one student, newest first; all of them unless a period is given.

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


@router.get(
    "/users/{user_id}/summary",
    response_model=XpSummary,
    responses=LIST,
    summary="Read a student's XP and goals by day",
)
def read_summary(
    request: Request,
    reading: CurrentReading,
    user_id: UserId,
    page: XpPage,
    application_id: ApplicationId = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    after: After = None,
    before: Before = None,
    timezone: Timezone = None,
) -> Response:
    """XP by day and subject with goal, status and streak, newest day first; 7 days by default.

    `applicationId` and `timezone` choose and regroup XP; goal, status and streak are always those
    of the school's day over all apps that count toward them.
    """
    build = reading.lake.build
    zone = reading.requested_zone(timezone)
    student = reading.student(user_id, "xp.summary")
    days = recent_period(
        one_of(("startDate", start_date), ("after", after)),
        one_of(("endDate", end_date), ("before", before)),
        zone=zone or student.zone,
        as_of=build.as_of,
    )
    listing = summary(
        reading,
        user_id,
        days,
        up_to(build.as_of, days, student.zone),
        page,
        is_regrouped=zone is not None,
        app_id=application_id,
    )
    return answer_list(
        request,
        build,
        listing,
        lambda: XpSummary(
            user_id=user_id,
            start_date=days.start,
            end_date=days.end,
            timezone=days.zone.key,
            days=[XpDay.from_row(row) for row in listing.frame.iter_rows(named=True)],
            **listing.stamps,
            **stamp(build),
        ),
    )

"""`/analytics/1.0`: a student's activity day by day, and the engagement facts behind it."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api.analytics import engagement, queries
from api.analytics.schemas import (
    Activity,
    EngagementFact,
    EngagementFacts,
    FactType,
    WeeklyFact,
    WeeklyFacts,
)
from api.facts import daily_facts
from api.formats import answer, answer_list, stamp
from api.paging import Page, paging
from api.parameters import (
    KNOWN_ONLY,
    ApplicationId,
    CourseId,
    Email,
    EndDate,
    LessonId,
    StartDate,
    StudentId,
    Timezone,
)
from api.periods import Period, given_period, read_day, recent_period
from api.reading import CurrentReading
from api.responses import LIST, TABLE

router = APIRouter(prefix="/analytics/1.0", tags=["Analytics"], dependencies=KNOWN_ONLY)

WeekDate = Annotated[
    str | None,
    Query(
        alias="weekDate",
        description="A day of the week that is wanted; today if absent.",
        examples=["2026-01-15"],
    ),
]
OfType = Annotated[FactType | None, Query(alias="type", description="Only facts of this type.")]


@router.get(
    "/activity",
    response_model=Activity,
    responses=TABLE,
    summary="Read a student's activity by day",
)
def read_activity(
    request: Request,
    reading: CurrentReading,
    student_id: StudentId = None,
    email: Email = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    timezone: Timezone = None,
) -> Response:
    """One student's XP, questions and seconds by day and subject; the last 7 days by default.

    A partner's seconds count once among its own apps; in `factsByApp` each app has all of its own.
    """
    build = reading.lake.build
    student = reading.student_named(student_id, email, "analytics.activity")
    zone = reading.requested_zone(timezone)
    days = recent_period(
        ("startDate", start_date),
        ("endDate", end_date),
        zone=zone or student.zone,
        as_of=build.as_of,
    )
    facts = daily_facts(reading, student.student_id, days, is_regrouped=zone is not None)
    return answer(
        request,
        build,
        lambda: Activity(
            student_id=student.student_id,
            start_date=days.start,
            end_date=days.end,
            timezone=days.zone.key,
            facts=queries.nest_subjects(facts),
            facts_by_app=queries.nest_apps(facts),
            **stamp(build),
        ),
        queries.by_app(facts),
    )


@router.get(
    "/facts/weekly",
    response_model=WeeklyFacts,
    responses=TABLE,
    summary="Read a student's week, lesson by lesson",
)
def read_week(
    request: Request,
    reading: CurrentReading,
    student_id: StudentId = None,
    email: Email = None,
    week_date: WeekDate = None,
    timezone: Timezone = None,
) -> Response:
    """The week, Monday to Sunday, that holds `weekDate` (today by default), lesson by lesson."""
    build = reading.lake.build
    student = reading.student_named(student_id, email, "analytics.weekly")
    zone = reading.requested_zone(timezone)
    kept = zone or student.zone
    day = read_day("weekDate", week_date, kept) or build.as_of.astimezone(kept).date()
    monday = day - timedelta(days=day.weekday())
    days = Period(monday, monday + timedelta(days=6), kept)
    facts = daily_facts(reading, student.student_id, days, is_regrouped=zone is not None)
    return answer(
        request,
        build,
        lambda: WeeklyFacts(
            student_id=student.student_id,
            start_date=days.start,
            end_date=days.end,
            timezone=days.zone.key,
            facts=[WeeklyFact.from_row(row) for row in facts.iter_rows(named=True)],
            **stamp(build),
        ),
        facts.drop("app_active_seconds", "app_idle_seconds"),
    )


@router.get(
    "/facts", response_model=EngagementFacts, responses=LIST, summary="List engagement facts"
)
def read_facts(
    request: Request,
    reading: CurrentReading,
    page: Annotated[Page, paging(100, 1000)],
    fact_type: OfType = None,
    student_id: StudentId = None,
    email: Email = None,
    application_id: ApplicationId = None,
    course_id: CourseId = None,
    lesson_id: LessonId = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    timezone: Timezone = None,
) -> Response:
    """Views, assignments, questions and assessments, of one student or of all that are yours.

    Newest day first; all days unless a period is given, whose zone is that of `timezone`, else of
    the student's school, else of each fact's own school.
    """
    build = reading.lake.build
    is_of_student = bool(student_id or email)
    student = reading.student_named(student_id, email, "analytics.facts") if is_of_student else None
    zone = reading.requested_zone(timezone)
    days = given_period(
        ("startDate", start_date),
        ("endDate", end_date),
        zone=lambda: zone or (student.zone if student else ZoneInfo("UTC")),
    )
    equal = {
        "fact_type": fact_type,
        "app_id": application_id,
        "course_id": course_id,
        "lesson_id": lesson_id,
    }
    chosen = engagement.FactFilter(
        student.student_id if student else None, days, zone is not None, equal
    )
    listing = engagement.facts(reading, chosen, page)
    if student is None:
        reading.note("analytics.facts", listing.frame["student_id"].to_list())
    return answer_list(
        request,
        build,
        listing,
        lambda: EngagementFacts(
            facts=[EngagementFact.from_row(row) for row in listing.frame.iter_rows(named=True)],
            **listing.stamps,
            **stamp(build),
        ),
    )

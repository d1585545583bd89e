"""`/analytics/1.0`: a student's activity, day by day."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.analytics import queries
from api.analytics.schemas import Activity, WeeklyFact, WeeklyFacts
from api.facts import daily_facts
from api.formats import answer, stamp
from api.periods import Period, read_day, recent_period
from api.reading import CurrentReading
from api.responses import LIST

router = APIRouter(prefix="/analytics/1.0", tags=["Analytics"])

StudentId = Annotated[str | None, Query(alias="studentId", examples=["student-ana"])]
Email = Annotated[str | None, Query(examples=["ana@school.example"])]
Timezone = Annotated[str | None, Query(description="Whose days; the student's school's if absent.")]


@router.get("/activity", response_model=Activity, responses=LIST)
def read_activity(
    request: Request,
    reading: CurrentReading,
    student_id: StudentId = None,
    email: Email = None,
    start_date: Annotated[str | None, Query(alias="startDate")] = None,
    end_date: Annotated[str | None, Query(alias="endDate")] = None,
    timezone: Timezone = None,
) -> Response:
    """One student's XP, questions and seconds by day and subject; the last 7 days by default."""
    build = reading.lake.build
    student = reading.student_named(student_id, email, "analytics.activity")
    zone = reading.requested_zone(timezone)
    days = recent_period(
        ("startDate", start_date), ("endDate", end_date),
        zone=zone or student.zone, as_of=build.as_of,
    )  # fmt: skip
    facts = daily_facts(reading, student.student_id, days, is_regrouped=zone is not None)
    return answer(
        request,
        build,
        lambda: Activity(
            student_id=student.student_id, start_date=days.start, end_date=days.end,
            timezone=days.zone.key, facts=queries.nest_subjects(facts),
            facts_by_app=queries.nest_apps(facts), **stamp(build),
        ),
        queries.by_app(facts),
    )  # fmt: skip


@router.get("/facts/weekly", response_model=WeeklyFacts, responses=LIST)
def read_week(
    request: Request,
    reading: CurrentReading,
    student_id: StudentId = None,
    email: Email = None,
    week_date: Annotated[str | None, Query(alias="weekDate", examples=["2026-01-15"])] = None,
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
            student_id=student.student_id, start_date=days.start, end_date=days.end,
            timezone=days.zone.key,
            facts=[WeeklyFact.from_row(row) for row in facts.iter_rows(named=True)],
            **stamp(build),
        ),
        facts,
    )  # fmt: skip

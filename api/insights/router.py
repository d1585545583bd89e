"""`/insights/1.0`: what stands out about a student, and their sessions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.facts import daily_facts
from api.formats import answer, answer_list, stamp
from api.insights import findings, queries, sessions
from api.insights.overview import Overview, Profile, Totals
from api.insights.schemas import Insights, OneSession, Session, Sessions
from api.paging import Page, paging
from api.periods import given_period, recent_period
from api.reading import CurrentReading
from api.responses import LIST, READ

router = APIRouter(prefix="/insights/1.0", tags=["Insights"])

Start = Annotated[str | None, Query(alias="startDate", examples=["2026-01-15"])]
End = Annotated[str | None, Query(alias="endDate", examples=["2026-01-21"])]
Timezone = Annotated[str | None, Query(description="Whose days; the school's if absent.")]


@router.get("/users/{user_id}", response_model=Insights, responses=LIST)
def read_insights(
    request: Request, reading: CurrentReading, user_id: str, start_date: Start = None,
    end_date: End = None, timezone: Timezone = None,
) -> Response:  # fmt: skip
    """Time, XP, accuracy, goal, mastery, placement and flags; the last 7 days by default."""
    build = reading.lake.build
    student = reading.student(user_id, "insights")
    zone = reading.requested_zone(timezone)
    days = recent_period(
        ("startDate", start_date), ("endDate", end_date),
        zone=zone or student.zone, as_of=build.as_of,
    )  # fmt: skip
    facts = daily_facts(reading, user_id, days, is_regrouped=zone is not None)
    session = sessions.latest(reading, user_id)
    return answer(
        request, build,
        lambda: Insights(
            user_id=user_id, start_date=days.start, end_date=days.end, timezone=days.zone.key,
            session=Session(**session) if session else None,
            insights=findings.insights(reading, user_id, days, facts, student.zone),
            by_subject=findings.by_subject(facts), **stamp(build),
        ),
        findings.subjects(facts),
    )  # fmt: skip


@router.get("/users/{user_id}/sessions", response_model=Sessions, responses=LIST)
def read_sessions(
    request: Request, reading: CurrentReading, user_id: str,
    page: Annotated[Page, paging(50, 100)],
    application_id: Annotated[str | None, Query(alias="applicationId")] = None,
    start_date: Start = None, end_date: End = None, timezone: Timezone = None,
) -> Response:  # fmt: skip
    """A student's sessions, newest first, by the day they began on."""
    build = reading.lake.build
    student = reading.student(user_id, "insights.sessions")
    zone = reading.requested_zone(timezone)
    days = given_period(
        ("startDate", start_date), ("endDate", end_date), zone=lambda: zone or student.zone
    )
    listing = sessions.sessions(
        reading, user_id, days, page, app_id=application_id, is_regrouped=zone is not None
    )
    rows = listing.frame.iter_rows(named=True)
    return answer_list(
        request, build, listing,
        lambda: Sessions(
            sessions=[Session(**row) for row in rows], **listing.stamps, **stamp(build)
        ),
    )  # fmt: skip


@router.get("/users/{user_id}/overview", response_model=Overview, responses=READ)
def read_overview(request: Request, reading: CurrentReading, user_id: str) -> Response:
    """A student at one glance."""
    build = reading.lake.build
    student = reading.student(user_id, "insights.overview")
    today = recent_period(
        ("startDate", None), ("endDate", None), zone=student.zone, as_of=build.as_of, days=1
    )
    session = sessions.latest(reading, user_id)
    profile = queries.profile(reading, user_id) if student.is_named else None
    overview = Overview(
        user_id=user_id, timezone=student.zone.key,
        student=Profile(**profile) if profile else None,
        session=Session(**session) if session else None,
        today=findings.time_summary(daily_facts(reading, user_id, today, is_regrouped=False)),
        totals=Totals(**queries.totals(reading, user_id)),
        mastery=findings.mastery_summary(reading, user_id),
        courses=findings.placements(reading, user_id), **stamp(build),
    )  # fmt: skip
    return answer(request, build, lambda: overview)


@router.get("/sessions/{session_id}", response_model=OneSession, responses=READ)
def read_session(request: Request, reading: CurrentReading, session_id: str) -> Response:
    """One session, by our key or by the id that the app sent (its newest piece)."""
    row = sessions.one(reading, session_id)
    reading.note("insights.session", [row["student_id"]])
    build = reading.lake.build
    return answer(request, build, lambda: OneSession(session=Session(**row), **stamp(build)))

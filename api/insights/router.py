"""`/insights/1.0`: what stands out about a student, and their sessions."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.facts import daily_facts
from api.formats import answer, answer_list, stamp
from api.insights import findings, queries, sessions
from api.insights.overview import Overview, Profile, Totals
from api.insights.schemas import Insights, LearningSession, OneSession, Sessions
from api.paging import Page, paging
from api.parameters import KNOWN_ONLY, ApplicationId, EndDate, StartDate, Timezone, UserId
from api.periods import given_period, recent_period
from api.reading import CurrentReading
from api.responses import LIST, READ, TABLE

router = APIRouter(prefix="/insights/1.0", tags=["Insights"], dependencies=KNOWN_ONLY)

SessionId = Annotated[
    str,
    Path(description="Our `sessionId`, or the id that the app sent.", examples=["5d2c81e0a7b4"]),
]


@router.get(
    "/users/{user_id}",
    response_model=Insights,
    responses=TABLE,
    summary="Read what stands out about a student",
)
def read_insights(
    request: Request,
    reading: CurrentReading,
    user_id: UserId,
    start_date: StartDate = None,
    end_date: EndDate = None,
    timezone: Timezone = None,
) -> Response:
    """Time, XP, accuracy, goal, mastery, placement and flags; the last 7 days by default."""
    build = reading.lake.build
    student = reading.student(user_id, "insights")
    zone = reading.requested_zone(timezone)
    days = recent_period(
        ("startDate", start_date),
        ("endDate", end_date),
        zone=zone or student.zone,
        as_of=build.as_of,
    )
    facts = daily_facts(reading, user_id, days, is_regrouped=zone is not None)
    session = sessions.latest(reading, user_id)
    return answer(
        request,
        build,
        lambda: Insights(
            user_id=user_id,
            start_date=days.start,
            end_date=days.end,
            timezone=days.zone.key,
            session=LearningSession(**session) if session else None,
            insights=findings.insights(reading, user_id, days, facts, student.zone),
            by_subject=findings.by_subject(facts),
            **stamp(build),
        ),
        findings.subjects(facts),
    )


@router.get(
    "/users/{user_id}/sessions",
    response_model=Sessions,
    responses=LIST,
    summary="List a student's sessions",
)
def read_sessions(
    request: Request,
    reading: CurrentReading,
    user_id: UserId,
    page: Annotated[Page, paging(50, 100)],
    application_id: ApplicationId = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    timezone: Timezone = None,
) -> Response:
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
        request,
        build,
        listing,
        lambda: Sessions(
            sessions=[LearningSession(**row) for row in rows], **listing.stamps, **stamp(build)
        ),
    )


@router.get(
    "/users/{user_id}/overview",
    response_model=Overview,
    responses=READ,
    summary="Read a student at one glance",
)
def read_overview(
    request: Request, reading: CurrentReading, user_id: UserId, timezone: Timezone = None
) -> Response:
    """A student at one glance: who, today and its goals, in all, and where they stand."""
    build = reading.lake.build
    student = reading.student(user_id, "insights.overview")
    zone = reading.requested_zone(timezone)
    today = recent_period(
        ("startDate", None),
        ("endDate", None),
        zone=zone or student.zone,
        as_of=build.as_of,
        days=1,
    )
    session = sessions.latest(reading, user_id)
    profile = queries.profile(reading, user_id) if student.is_named else None
    facts = daily_facts(reading, user_id, today, is_regrouped=zone is not None)
    school_day = build.as_of.astimezone(student.zone).date()
    overview = Overview(
        user_id=user_id,
        timezone=today.zone.key,
        student=Profile(**profile) if profile else None,
        session=LearningSession(**session) if session else None,
        today=findings.time_summary(facts),
        goals=findings.goals(reading, user_id, school_day, student.zone),
        flags=findings.flags(reading, user_id),
        totals=Totals(**queries.totals(reading, user_id)),
        mastery=findings.mastery_summary(reading, user_id),
        courses=findings.placements(reading, user_id),
        **stamp(build),
    )
    return answer(request, build, lambda: overview)


@router.get(
    "/sessions/{session_id}", response_model=OneSession, responses=READ, summary="Read one session"
)
def read_session(request: Request, reading: CurrentReading, session_id: SessionId) -> Response:
    """One session, by our key or by the id that the app sent (its newest piece)."""
    row = sessions.one(reading, session_id)
    reading.note("insights.session", [row["student_id"]])
    build = reading.lake.build
    return answer(
        request, build, lambda: OneSession(session=LearningSession(**row), **stamp(build))
    )

"""A student's sessions, read from `fct_sessions`: each app's own, before their union."""

from typing import Any

from api.formats import Listing, read_listing
from api.paging import Page
from api.periods import Period
from api.reading import Reading
from core.access import Condition, all_of
from core.errors import NotFoundError

SESSIONS = """
    select
        session.session_id, session.session_ref, session.student_id,
        session.app_id as application_id,
        session.started_at, session.ended_at, session.started_on, session.end_reason,
        session.is_implicit, session.is_flagged, session.time_quality, session.event_count,
        coalesce(session.session_seconds, 0) as total_seconds,
        coalesce(session.active_seconds, 0) as active_seconds,
        coalesce(session.idle_seconds, 0) as inactive_seconds,
        count(*) over () as list_total
    from marts.fct_sessions as session
    where {where}
    order by session.started_at desc, session.session_id
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from marts.fct_sessions as session where {where}"


def sessions(
    reading: Reading,
    student_id: str,
    days: Period | None,
    page: Page,
    *,
    app_id: str | None = None,
    is_regrouped: bool = False,
) -> Listing:
    """Sessions that began in these days, newest first."""
    where = all_of(
        Condition("session.student_id = $student_id", {"student_id": student_id}),
        reading.sight.own("session"),
        Condition("session.app_id = $app_id", {"app_id": app_id}) if app_id else None,
        _in_days(days, is_regrouped=is_regrouped),
    )
    return read_listing(
        reading.lake,
        SESSIONS.format(where=where.sql),
        COUNT.format(where=where.sql),
        where.parameters,
        page,
    )


def latest(reading: Reading, student_id: str) -> dict[str, Any] | None:
    """The student's newest session, None if there is none."""
    frame = sessions(reading, student_id, None, Page(1, 0)).frame
    return frame.row(0, named=True) if frame.height else None


def one(reading: Reading, session_id: str) -> dict[str, Any]:
    """The session of that key, or the newest piece under the id that its app sent; else 404."""
    where = all_of(
        Condition(
            "session.session_id = $session_id or session.session_ref = $session_id",
            {"session_id": session_id},
        ),
        reading.sight.facts("session", by_id=True),
    )
    frame = reading.lake.frame(
        SESSIONS.format(where=where.sql), where.parameters | Page(1, 0).parameters
    ).drop("list_total")
    if frame.is_empty():
        raise NotFoundError(f"There is no session {session_id!r}.", code="unknown_session")
    return frame.row(0, named=True)


def _in_days(days: Period | None, *, is_regrouped: bool) -> Condition | None:
    if days is None:
        return None
    if not is_regrouped:
        return Condition("session.started_on between $start_on and $end_on", days.parameters)
    return Condition(
        "(session.started_at at time zone $timezone)::date between $start_on and $end_on",
        {**days.parameters, "timezone": days.zone.key},
    )

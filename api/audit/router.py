"""`/audit/1.0`: who read whose records, for admins. Reading it is written down too."""

from dataclasses import dataclass
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends, Query, Request, Response

from api.audit import queries
from api.audit.queries import EntryFilter
from api.audit.schemas import AuditDays, AuditEntries, AuditEntry
from api.formats import answer, answer_list
from api.paging import Page, paging
from api.parameters import KNOWN_ONLY, StudentId
from api.periods import read_instant, read_last_instant, refusal
from api.responses import UNBUILT_LIST, UNBUILT_READ
from core import audit
from core.access import Condition, Viewer
from core.dependencies import Database, require_scope
from core.zones import find_zone

router = APIRouter(prefix="/audit/1.0", tags=["Audit"], dependencies=KNOWN_ONLY)


def read_filter(
    student_id: StudentId = None,
    actor: Annotated[
        str | None,
        Query(
            description="Only this person (id or e-mail), `client_id` or operator.",
            examples=["gil@maple.example"],
        ),
    ] = None,
    action: Annotated[
        str | None,
        Query(
            description="Only this action, or every action of a group: `xp` for `xp.entries` too.",
            examples=["xp.entries"],
        ),
    ] = None,
    since: Annotated[
        str | None,
        Query(description="From this date or instant (ISO 8601, UTC).", examples=["2026-01-15"]),
    ] = None,
    until: Annotated[
        str | None,
        Query(
            description="To this instant, or the end of this date (ISO 8601, UTC).",
            examples=["2026-01-16"],
        ),
    ] = None,
) -> EntryFilter:
    """Which rows are asked for."""
    first, last = read_instant("since", since), read_last_instant("until", until)
    if first and last and first > last:
        raise refusal("since", "The time ends before it starts.", "period_reversed")
    return EntryFilter(student_id, actor, action, first, last)


@dataclass(frozen=True)
class LogReading:
    """One request's read of the log."""

    viewer: Viewer
    database: psycopg.Connection[Any]
    chosen: EntryFilter
    where: Condition

    def note(self, action: str) -> None:
        """Write down that the log was read."""
        student = queries.known_student(self.database, self.chosen.student_id)
        audit.record_viewer(self.database, self.viewer, action, student_id=student)


def open_log(
    viewer: Annotated[Viewer, require_scope("events.readonly")],
    database: Database,
    chosen: Annotated[EntryFilter, Depends(read_filter)],
) -> LogReading:
    """Resolve what the viewer may read of the log; 403 for whoever is no admin."""
    return LogReading(viewer, database, chosen, queries.conditions(database, viewer, chosen))


Log = Annotated[LogReading, Depends(open_log)]


@router.get(
    "/entries", response_model=AuditEntries, responses=UNBUILT_LIST, summary="List the access log"
)
def read_entries(request: Request, log: Log, page: Annotated[Page, paging(100, 1000)]) -> Response:
    """Reads of students by people, exports, erasures, changed roles and issued tokens.

    Platform admins and admin clients see every row, a school's admin those about its students.
    """
    listing = queries.entries(log.database, log.where, page)
    log.note("audit.entries")
    rows = listing.frame.iter_rows(named=True)
    return answer_list(
        request,
        None,
        listing,
        lambda: AuditEntries(entries=[AuditEntry.from_row(row) for row in rows], **listing.stamps),
    )


@router.get(
    "/days", response_model=AuditDays, responses=UNBUILT_READ, summary="Count the access log by day"
)
def read_days(
    request: Request,
    log: Log,
    timezone: Annotated[
        str | None,
        Query(description="Whose days: an IANA zone; UTC.", examples=["America/Chicago"]),
    ] = None,
) -> Response:
    """How many rows, actors and students there are, in all and on each day."""
    zone = find_zone(timezone or "UTC")
    if zone is None:
        raise refusal("timezone", f"{timezone!r} is not an IANA time zone.", "unknown_timezone")
    found = {
        "timezone": zone.key,
        "days": queries.days(log.database, log.where, zone.key),
        **queries.totals(log.database, log.where),
    }
    log.note("audit.days")
    return answer(request, None, lambda: AuditDays.model_validate(found))

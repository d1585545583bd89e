"""Published verdicts, read from `fct_event_verdicts`, and what each event made.

A partner reads the `partner_` columns. An event that is `student_not_enrolled` to it shows no
resolved student, course, lesson or session: nothing may tell an unknown student from a hidden one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.formats import Listing
from api.paging import Page
from api.reading import Reading
from core.access import Condition, all_of

Row = dict[str, Any]

COLUMNS = """
    verdict.journal_seq, verdict.event_index, verdict.receipt_id::varchar as receipt_id,
    verdict.client_id, verdict.app_id, verdict.event_id, verdict.event_type, verdict.action,
    verdict.occurred_at, verdict.received_at, verdict.{prefix}verdict as status,
    verdict.{prefix}reason as reason, verdict.{prefix}warning as warning,
    verdict.error_path, verdict.message,
    verdict.{prefix}reason is not distinct from 'student_not_enrolled' as is_hidden,
    if(is_hidden, null, verdict.student_id) as student_id,
    if(is_hidden, null, verdict.course_id) as course_id,
    if(is_hidden, null, verdict.lesson_id) as lesson_id,
    if(is_hidden, null, verdict.session_id) as session_id
"""

VERDICTS = """
    select {columns}
    from marts.fct_event_verdicts as verdict
    where {where}
    order by {order}
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from marts.fct_event_verdicts as verdict where {where}"

NEWEST_FIRST = "verdict.received_at desc, verdict.journal_seq desc, verdict.event_index desc"
# The arrival that counts comes first: the lowest that passed the door, else the last refused.
WINNER_FIRST = (
    "verdict.verdict = 'rejected', verdict.verdict in ('duplicate', 'conflict'),"
    " if(verdict.verdict = 'rejected', -verdict.journal_seq, verdict.journal_seq),"
    " verdict.event_index, verdict.client_id"
)
AS_SENT = "verdict.journal_seq, verdict.event_index"
MOST_ARRIVALS = Page(100, 0)


@dataclass(frozen=True)
class EventFilter:
    """Which verdicts of a list; None leaves one open.

    The event was received at or after `since`, and before `until`.
    """

    status: str | None = None
    reason: str | None = None
    event_type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def verdicts(reading: Reading, chosen: EventFilter, page: Page) -> Listing:
    """One page of verdicts, newest arrivals first."""
    prefix = prefix_of(reading)
    where = all_of(
        reading.sight.events("verdict"),
        _compare(f"verdict.{prefix}verdict =", "status", chosen.status),
        _compare(f"verdict.{prefix}reason =", "reason", chosen.reason),
        _compare("verdict.event_type =", "event_type", chosen.event_type),
        _compare("verdict.received_at >=", "since", chosen.since),
        _compare("verdict.received_at <", "until", chosen.until),
    )
    sql = VERDICTS.format(columns=columns(reading), where=where.sql, order=NEWEST_FIRST)
    frame = reading.lake.frame(sql, where.parameters | page.parameters).drop("is_hidden")
    total = reading.lake.rows(COUNT.format(where=where.sql), where.parameters)[0]["total"]
    return Listing(frame, page, total)


def columns(reading: Reading) -> str:
    """What is read of a row `verdict`, as the viewer may know it."""
    return COLUMNS.format(prefix=prefix_of(reading))


def prefix_of(reading: Reading) -> str:
    """Of the columns that hold the verdict that the viewer may know."""
    return "partner_" if reading.sight.is_partner else ""


def arrivals_of_event(reading: Reading, event_id: str) -> list[Row]:
    """Every arrival of one event id, the one that counts first."""
    event = Condition("verdict.event_id = $event_id", {"event_id": event_id})
    return _arrivals(reading, event, WINNER_FIRST, MOST_ARRIVALS)


def arrivals_of_receipt(reading: Reading, receipt_id: str, index: int | None) -> list[Row]:
    """The events of one request, in the order sent."""
    receipt = Condition("verdict.receipt_id = $receipt_id::uuid", {"receipt_id": receipt_id})
    where = all_of(receipt, _compare("verdict.event_index =", "event_index", index))
    return _arrivals(reading, where, AS_SENT, Page(1_000_000, 0))


def _arrivals(reading: Reading, which: Condition, order: str, page: Page) -> list[Row]:
    where = all_of(which, reading.sight.events("verdict", by_id=True))
    sql = VERDICTS.format(columns=columns(reading), where=where.sql, order=order)
    return reading.lake.frame(sql, where.parameters | page.parameters).to_dicts()


def _compare(column: str, name: str, sent: str | int | datetime | None) -> Condition | None:
    return Condition(f"{column} ${name}", {name: sent}) if sent is not None else None

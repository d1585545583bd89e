"""One event or request in full: the published verdict, else where it waits for one."""

from typing import Any

from api.events import pending, queries
from api.events.schemas import Arrival, EventDetail, Made
from api.reading import Reading
from core.builds.reader import LakeReader
from core.errors import NotFoundError

Row = dict[str, Any]


def of_event(reading: Reading, reader: LakeReader, event_id: str) -> EventDetail:
    """The event of that id; 404 if the viewer may read none such."""
    bare = event_id.removeprefix(pending.URN_UUID)
    rows = [] if "\0" in bare else queries.arrivals_of_event(reading, bare)
    if not rows and "\0" not in bare:
        rows = pending.of_event(reading, reader, bare)
    if not rows:
        raise NotFoundError(f"There is no event {event_id!r}.", code="unknown_event")
    return _detail(reading, rows)


def of_receipt(reading: Reading, reader: LakeReader, receipt_id: str) -> list[Row]:
    """The events of a request, in the order sent; 404 if the viewer may read none of it."""
    rows = queries.arrivals_of_receipt(reading, receipt_id, None)
    rows = rows or pending.of_receipt(reading, reader, receipt_id)
    if not rows:
        raise NotFoundError(f"There is no receipt {receipt_id!r}.", code="unknown_receipt")
    reading.note("events.receipt", [row["student_id"] for row in rows if row["student_id"]])
    return rows


def at(reading: Reading, reader: LakeReader, receipt_id: str, index: int) -> EventDetail:
    """The event at one place of a request; 404 if the viewer may read none there."""
    rows = [row for row in of_receipt(reading, reader, receipt_id) if row["event_index"] == index]
    if not rows:
        raise NotFoundError(f"Receipt {receipt_id!r} has no event {index}.", code="unknown_event")
    return _detail(reading, rows)


def _detail(reading: Reading, rows: list[Row]) -> EventDetail:
    counting = rows[0]
    if counting["student_id"] is not None:
        reading.note("events.event", [counting["student_id"]])
    payload = counting.get("payload") or queries.payload(reading, counting)
    arrivals = [
        Arrival(
            receipt_id=row["receipt_id"],
            index=row["event_index"],
            received_at=row["received_at"],
            status=row["status"],
        )
        for row in rows
    ]
    made = Made(**queries.made(reading, counting))
    return EventDetail.from_row(counting, made=made, arrivals=arrivals, payload=payload)

"""One event or request in full: the published verdict, else where it waits for one."""

from typing import Any

from api.events import pending, queries, sent
from api.events.schemas import Arrival, EventDetail, Made, Place
from api.reading import Reading
from core.builds.reader import LakeReader
from core.errors import NotFoundError

Row = dict[str, Any]
REPEATED = ("duplicate", "conflict")


def of_event(reading: Reading, reader: LakeReader, event_id: str) -> EventDetail:
    """The event of that id; 404 if the viewer may read none such."""
    bare = event_id.removeprefix(pending.URN_UUID)
    rows = [] if "\0" in bare else queries.arrivals_of_event(reading, bare)
    if not rows and "\0" not in bare:
        rows = pending.of_event(reading, reader, bare)
    if not rows:
        raise NotFoundError(f"There is no event {event_id!r}.", code="unknown_event")
    return _detail(reading, rows[0], rows)


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
    repeats = queries.arrivals_of_event(reading, rows[0]["event_id"]) if rows[0]["event_id"] else []
    return _detail(reading, rows[0], repeats or rows)


def _detail(reading: Reading, row: Row, arrivals: list[Row]) -> EventDetail:
    if row["student_id"] is not None:
        reading.note("events.event", [row["student_id"]])
    found = _as_sent(reading, row)
    return EventDetail.from_row(
        row,
        made=Made(**sent.made(reading, row, found)),
        arrivals=[
            _arrival(reading, other, arrivals)
            for other in arrivals
            if other["client_id"] == row["client_id"]
        ],
        payload=found["payload"] if found else None,
    )


def _arrival(reading: Reading, row: Row, rows: list[Row]) -> Arrival:
    """A repetition names the arrival that counts; a rival shows its own payload beside it."""
    winner = _winner(row, rows)
    # A duplicate says the same as its winner.
    found = _as_sent(reading, row) if row["status"] != "duplicate" else None
    return Arrival(
        receipt_id=row["receipt_id"],
        index=row["event_index"],
        client_id=row["client_id"],
        received_at=row["received_at"],
        status=row["status"],
        repeats=Place(receipt_id=winner["receipt_id"], index=winner["event_index"])
        if winner
        else None,
        payload=found["payload"] if found else None,
    )


def _winner(row: Row, rows: list[Row]) -> Row | None:
    """Of a repeated event the arrival that counts: the same client's, the first that passed."""
    if row["status"] not in REPEATED:
        return None
    return next(
        (
            other
            for other in rows
            if other["client_id"] == row["client_id"]
            and other["status"] not in (*REPEATED, "rejected")
        ),
        None,
    )


def _as_sent(reading: Reading, row: Row) -> Row | None:
    """What came: a pending arrival carries it along, a judged one is read from raw."""
    return row if row.get("payload") else sent.as_sent(reading, row)

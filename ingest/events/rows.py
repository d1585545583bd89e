"""From journal rows to the columns of `raw.events` and `raw.rejections` (core/raw_schema.sql).

Hot: the loader spends most of its time here. It never judges again: what the door refused stands
in the journal beside the body.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any
from uuid import UUID

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ingest.events import facts
from ingest.events.canonical import fingerprint
from ingest.events.decoding import ANYTHING, decode, split
from ingest.events.door import find_id, without_prefix
from ingest.events.refusals import Refusal

JournalRow = tuple[int, UUID, str, datetime, bytes | None, bytes]
"""seq, receipt_id, client_id, received_at, refusals, body"""

INSTANT = pa.timestamp("us", tz="UTC")
ARRIVAL: tuple[tuple[str, pa.DataType], ...] = (
    ("journal_seq", pa.int64()),
    ("receipt_id", pa.uuid()),
    ("client_id", pa.string()),
    ("received_at", INSTANT),
)
EVENT: tuple[tuple[str, pa.DataType], ...] = (
    ("event_index", pa.int32()),
    ("event_id", pa.string()),
    ("canonical_hash", pa.string()),
    ("payload", pa.string()),
    *facts.COLUMNS,
)
REJECTION: tuple[tuple[str, pa.DataType], ...] = (
    ("event_index", pa.int32()),
    ("event_id", pa.string()),
    ("event_type", pa.string()),
    ("reason", pa.string()),
    ("path", pa.string()),
    ("message", pa.string()),
    ("payload", pa.string()),
)
REFUSALS = msgspec.json.Decoder(list[Refusal])


def decode_requests(requests: Iterable[Sequence[Any]]) -> tuple[pa.Table, pa.Table]:
    """The events and the rejections of journal rows (`JournalRow`), without `load_id`.

    Takes memory for the typed columns and twice the bodies; the caller bounds the batch.
    """
    events = _Batch(EVENT)
    rejections = _Batch(REJECTION)
    hashes = bytearray()
    for seq, receipt_id, client_id, received_at, refusals, body in requests:
        arrival = (seq, receipt_id.bytes, client_id, received_at)
        refused = {item.index: item for item in REFUSALS.decode(refusals)} if refusals else {}
        keyed = hashlib.blake2b(client_id.encode() + b"\0", digest_size=8)
        event_rows: list[tuple[Any, ...]] = []
        for index, raw in enumerate(split(body)):
            if index in refused:
                rejections.add(arrival, [_rejection_row(index, raw, refused[index])])
                continue
            row = _event_row(index, raw)
            hashed = keyed.copy()
            hashed.update(row[1].encode())
            hashes += hashed.digest()
            event_rows.append(row)
        events.add(arrival, event_rows)
    return _finish_events(events.table(), hashes), rejections.table()


class _Batch:
    """Rows on their way to columns: what a request has in common is kept once."""

    def __init__(self, columns: tuple[tuple[str, pa.DataType], ...]) -> None:
        self._columns = columns
        self._arrivals: list[tuple[Any, ...]] = []
        self._arrival_of: list[int] = []
        self._rows: list[tuple[Any, ...]] = []

    def add(self, arrival: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> None:
        """Take the rows of one request."""
        self._arrival_of.extend(repeat(len(self._arrivals), len(rows)))
        self._arrivals.append(arrival)
        self._rows.extend(rows)

    def table(self) -> pa.Table:
        """The columns, in the order of arrival."""
        arrivals = _columns(ARRIVAL, self._arrivals)
        own = _columns(self._columns, self._rows)
        index = pa.array(self._arrival_of, pa.int32())
        return pa.table({name: column.take(index) for name, column in arrivals.items()} | own)


def _columns(
    columns: tuple[tuple[str, pa.DataType], ...], rows: list[tuple[Any, ...]]
) -> dict[str, pa.Array]:
    values = zip(*rows, strict=True) if rows else repeat(())
    return {
        name: pa.array(value, kind) for (name, kind), value in zip(columns, values, strict=False)
    }


def _event_row(index: int, raw: bytes) -> tuple[Any, ...]:
    event = decode(raw)
    return (
        index,
        without_prefix(event.id),
        fingerprint(raw),
        raw,
        *facts.of(event),
    )


def _rejection_row(index: int, raw: bytes, refusal: Refusal) -> tuple[Any, ...]:
    event_id = find_id(raw)
    return (
        index,
        without_prefix(event_id) if event_id is not None else None,
        _find_type(raw),
        refusal.reason,
        refusal.path,
        refusal.message,
        raw,
    )


def _find_type(raw: bytes) -> str | None:
    try:
        sent = ANYTHING.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    event_type = sent.get("type") if isinstance(sent, dict) else None
    return event_type if isinstance(event_type, str) and "\0" not in event_type else None


def _finish_events(table: pa.Table, hashes: bytearray) -> pa.Table:
    """Add what whole columns are computed for: the hash and the UTC day."""
    event_hash = pa.Array.from_buffers(pa.uint64(), table.num_rows, [None, pa.py_buffer(hashes)])
    moment = pc.coalesce(table["event_time"], table["received_at"])
    day = pc.cast(pc.cast(moment, pa.timestamp("us")), pa.date32(), safe=False)
    return table.append_column("event_hash", event_hash).append_column("day", day)

"""Events that no build has judged yet: in the lake since, or still in the journal.

They are the senders' to read, not a person's: whose events they are is a build's word.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from api.events.queries import Row
from api.reading import Reading
from core.access import Condition, all_of
from core.builds.reader import LakeReader

URN_UUID = "urn:uuid:"

LOADED = """
    with newer as (
        select
            journal_seq, event_index, receipt_id, client_id, event_id, event_type, action,
            event_time as occurred_at, received_at, payload, 'pending' as status,
            null as reason, null as error_path, null as message
        from events as event
        where load_id > $load_id and {where}
        union all by name
        select
            journal_seq, event_index, receipt_id, client_id, event_id, event_type, received_at,
            payload, 'rejected' as status, reason, path as error_path, message
        from rejections as event
        where load_id > $load_id and {where}
    )
    select * replace (receipt_id::varchar as receipt_id) from newer
    order by journal_seq, event_index
"""

WAITING = """
    select seq, receipt_id, client_id, received_at, refusals, body
    from journal.requests
    where
        (%(client_id)s::text is null or client_id = %(client_id)s)
        and (%(receipt_id)s::uuid is null or receipt_id = %(receipt_id)s)
        and (
            %(spellings)s::bytea[] is null
            or exists (
                select from unnest(%(spellings)s::bytea[]) as spelt (id)
                where position(spelt.id in body) > 0
            )
        )
    order by seq
"""


def of_event(reading: Reading, reader: LakeReader, event_id: str) -> list[Row]:
    """Unjudged arrivals of one event id, in order."""
    rows = _loaded(reading, reader, Condition("event.event_id = $event_id", {"event_id": event_id}))
    waiting = _waiting(reading, spellings=_spellings(event_id))
    return rows or [row for row in waiting if row["event_id"] == event_id]


def of_receipt(reading: Reading, reader: LakeReader, receipt_id: str) -> list[Row]:
    """Unjudged events of one request, in the order sent."""
    receipt = Condition("event.receipt_id = $receipt_id::uuid", {"receipt_id": receipt_id})
    return _loaded(reading, reader, receipt) or list(_waiting(reading, receipt_id=receipt_id))


def of_viewer(reading: Reading, reader: LakeReader) -> list[Row]:
    """Every unjudged event that the viewer's client sent."""
    waiting = _waiting(reading)
    return [*_loaded(reading, reader, Condition("true")), *waiting]


def _loaded(reading: Reading, reader: LakeReader, which: Condition) -> list[Row]:
    if reading.sight.student_ids is not None:
        return []
    judged = reading.lake.rows("select max(load_id) as load_id from marts.fct_event_verdicts")
    where = all_of(which, reading.sight.own("event"))
    newest = judged[0]["load_id"]
    parameters = where.parameters | {"load_id": -1 if newest is None else newest}
    with reader.newest() as cursor:
        rows = cursor.execute(LOADED.format(where=where.sql), parameters).pl().to_dicts()
    return [_BLANK | row for row in rows]


def _waiting(
    reading: Reading, *, receipt_id: str | None = None, spellings: list[bytes] | None = None
) -> Iterator[Row]:
    if reading.sight.student_ids is not None:
        return
    parameters = {
        "client_id": reading.sight.client_id,
        "receipt_id": UUID(receipt_id) if receipt_id else None,
        "spellings": spellings,
    }
    for seq, receipt, client_id, received_at, refusals, body in reading.database.execute(
        WAITING, parameters
    ):
        refused = {item["index"]: item for item in json.loads(bytes(refusals or b"[]"))}
        for index, event in enumerate(_events(bytes(body))):
            yield _BLANK | {
                "journal_seq": seq,
                "event_index": index,
                "receipt_id": str(receipt),
                "client_id": client_id,
                "received_at": received_at,
                "event_id": _text(event, "id", URN_UUID),
                "event_type": _text(event, "type"),
                "action": _text(event, "action"),
                "payload": json.dumps(event, ensure_ascii=False),
                "status": "rejected" if index in refused else "pending",
                "reason": refused.get(index, {}).get("reason"),
                "error_path": refused.get(index, {}).get("path"),
                "message": refused.get(index, {}).get("message"),
            }


_BLANK: Row = dict.fromkeys(
    (
        "app_id",
        "action",
        "occurred_at",
        "warning",
        "student_id",
        "course_id",
        "lesson_id",
        "session_id",
    )
)


def _events(body: bytes) -> list[Any]:
    """The events of a journalled request: an envelope's data, or the one bare event."""
    request = json.loads(body)
    if isinstance(request, dict) and "data" in request:
        data = request["data"]
        return data if isinstance(data, list) else [data]
    return [request]


def _text(event: Any, name: str, prefix: str = "") -> str | None:
    found = event.get(name) if isinstance(event, dict) else None
    return found.removeprefix(prefix) if isinstance(found, str) else None


def _spellings(event_id: str) -> list[bytes]:
    """The ways in which JSON may spell an id: as it is, escaped as ASCII, slashes escaped."""
    spelt = {json.dumps(event_id, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}
    spelt |= {text.replace("/", "\\/") for text in spelt}
    return [text.encode() for text in sorted(spelt)]

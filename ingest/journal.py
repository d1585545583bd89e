"""The journal: accepted requests, one row each, durable before the answer.

Group commit: one writer takes everything that waits, copies it in one transaction and wakes all
who waited. PostgreSQL fsyncs each commit, so an answered request survives a power cut.

The same transaction holds the senders' standing: a client revoked before it is refused, and one
that is being revoked waits for it. So nothing is taken from a client once its end is committed.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import psycopg

from core.errors import UnauthorizedError, UnavailableError

logger = logging.getLogger(__name__)

COPY_REQUESTS = (
    "copy journal.requests (receipt_id, client_id, received_at, event_count, refusals, body)"
    " from stdin (format binary)"
)
ACTIVE_CLIENTS = (
    "select client_id from identity.clients"
    " where client_id = any(%s) and status = 'active' for share"
)
COLUMN_TYPES = ("uuid", "text", "timestamptz", "int4", "bytea", "bytea")
MOST_WAITING_BYTES = 128_000_000
RECONNECT_SECONDS = 0.5


@dataclass(slots=True)
class _Entry:
    row: tuple[UUID, str, datetime, int, bytes | None, bytes]
    done: asyncio.Future[None]

    @property
    def client_id(self) -> str:
        return self.row[1]


class Journal:
    """The writer's end of the journal, for one process and its event loop."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._waiting: deque[_Entry] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write_forever(), name="journal-writer")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        self._fail(list(self._waiting))

    async def append(
        self,
        client_id: str,
        received_at: datetime,
        event_count: int,
        refusals: bytes | None,
        body: bytes,
    ) -> UUID:
        """Write one request; returns its receipt id once it is durable.

        `body` is the request as decompressed, `refusals` the door's JSON list or None. Raises
        UnauthorizedError (401) if the client was revoked, UnavailableError (503) if the journal
        cannot take it; sending again is always safe.
        """
        if self._waiting_bytes + len(body) > MOST_WAITING_BYTES:
            raise UnavailableError("More events are waiting than can be stored; try again shortly.")
        receipt_id = uuid4()
        row = (receipt_id, client_id, received_at, event_count, refusals, body)
        entry = _Entry(row, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        self._waiting_bytes += len(body)
        self._wake.set()
        await entry.done
        return receipt_id

    async def _write_forever(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url) as connection:
                    while True:
                        await self._wake.wait()
                        await self._write_waiting(connection)
            except psycopg.Error as error:
                logger.error("the journal cannot write: %s", type(error).__name__)
                self._fail(self._take())
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _write_waiting(self, connection: psycopg.AsyncConnection) -> None:
        entries = self._take()
        try:
            async with connection.cursor() as cursor:
                senders = list({entry.client_id for entry in entries})
                await cursor.execute(ACTIVE_CLIENTS, [senders])
                active = {client_id for (client_id,) in await cursor.fetchall()}
                taken = [entry for entry in entries if entry.client_id in active]
                if taken:
                    async with cursor.copy(COPY_REQUESTS) as copy:
                        copy.set_types(COLUMN_TYPES)
                        for entry in taken:
                            await copy.write_row(entry.row)
            await connection.commit()
        except BaseException:
            self._fail(entries)
            raise
        for entry in entries:
            if entry.done.done():
                continue
            if entry.client_id in active:
                entry.done.set_result(None)
            else:
                entry.done.set_exception(UnauthorizedError("This client was revoked."))

    def _take(self) -> list[_Entry]:
        entries = list(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        self._wake.clear()
        return entries

    def _fail(self, entries: list[_Entry]) -> None:
        for entry in entries:
            if not entry.done.done():
                entry.done.set_exception(
                    UnavailableError("The journal cannot store events now; send them again.")
                )

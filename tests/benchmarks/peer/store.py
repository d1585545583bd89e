"""The peer's store: events in PostgreSQL, one row each, written in groups."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import psycopg

SCHEMA = """
create table if not exists events (
    client_id text not null,
    event_id text not null,
    event_type text not null,
    action text not null,
    actor_id text not null,
    session_id text,
    course_id text not null,
    lesson_id text not null,
    event_time timestamptz not null,
    received_at timestamptz not null,
    score_type text,
    score_given float8,
    max_score float8,
    payload json not null,
    primary key (client_id, event_id)
)
"""
TYPES = (
    *("text",) * 8,
    "timestamptz",
    "timestamptz",
    "text",
    "float8",
    "float8",
    "json",
)
WRITERS = 2
MOST_ROWS_A_COMMIT = 10_000

Row = tuple[
    str,
    str,
    str,
    str,
    str,
    str | None,
    str,
    str,
    datetime,
    datetime,
    str | None,
    float | None,
    float | None,
    str,
]


@dataclass(slots=True)
class Waiting:
    """The rows of one request, and who waits for them."""

    rows: list[Row]
    done: asyncio.Future[None]


class Store:
    """Writes events durably: `write` returns after the commit."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._writers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        async with await psycopg.AsyncConnection.connect(self._url) as connection:
            await connection.execute(SCHEMA)
        self._writers = [asyncio.create_task(self._write_forever()) for _ in range(WRITERS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for writer in self._writers:
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)

    async def write(self, rows: list[Row]) -> None:
        """Store the rows that are not there yet."""
        waiting = Waiting(rows, asyncio.get_running_loop().create_future())
        await self._queue.put(waiting)
        await waiting.done

    async def _write_forever(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url) as connection:
            await connection.execute(
                "create temp table staging (like events) on commit delete rows"
            )
            await connection.commit()
            while True:
                group = [await self._queue.get()]
                count = len(group[0].rows)
                while not self._queue.empty() and count < MOST_ROWS_A_COMMIT:
                    group.append(self._queue.get_nowait())
                    count += len(group[-1].rows)
                await self._commit(connection, group)
                for waiting in group:
                    waiting.done.set_result(None)

    @staticmethod
    async def _commit(connection: psycopg.AsyncConnection, group: list[Waiting]) -> None:
        async with connection.cursor() as cursor:
            async with cursor.copy("copy staging from stdin (format binary)") as copy:
                copy.set_types(TYPES)
                for waiting in group:
                    for row in waiting.rows:
                        await copy.write_row(row)
            await cursor.execute(
                "insert into events select * from staging order by client_id, event_id"
                " on conflict do nothing"
            )
        await connection.commit()

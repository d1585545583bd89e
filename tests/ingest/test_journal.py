"""An answered request is durable; one that cannot be stored is refused, and later ones go on."""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest

from core.errors import UnavailableError
from core.settings import Settings
from ingest import journal as journal_module
from ingest.journal import Journal

SENDER = "tb-sender"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sender(database: psycopg.Connection[tuple[object, ...]]) -> None:
    """The client that sends."""
    database.execute(
        "insert into identity.clients (client_id, name, mode, scopes)"
        " values (%s, 'Sender', 'production', '{}')",
        [SENDER],
    )
    database.commit()


def count_requests(settings: Settings) -> int:
    with psycopg.connect(str(settings.database_url)) as connection:
        row = connection.execute("select count(*) from journal.requests").fetchone()
    assert row is not None
    return int(row[0])


def test_a_request_can_be_read_by_others_once_it_is_answered(settings: Settings) -> None:
    async def run() -> None:
        async with Journal(str(settings.database_url)) as journal:
            for expected in range(1, 4):
                await journal.append(SENDER, NOW, 1, None, b"{}")
                assert await asyncio.to_thread(count_requests, settings) == expected

    asyncio.run(run())


def test_requests_that_wait_together_share_a_commit(settings: Settings) -> None:
    async def run() -> int:
        async with Journal(str(settings.database_url)) as journal:
            receipts = await asyncio.gather(
                *(journal.append(SENDER, NOW, 1, None, b"{}") for _ in range(500))
            )
        return len(set(receipts))

    assert asyncio.run(run()) == 500
    with psycopg.connect(str(settings.database_url)) as connection:
        row = connection.execute(
            "select count(*), count(distinct xmin::text) from journal.requests"
        ).fetchone()
    assert row is not None
    assert row[0] == 500
    assert row[1] < 50


def test_a_lost_store_refuses_with_503_and_is_found_again(settings: Settings) -> None:
    def cut_connections() -> None:
        with psycopg.connect(str(settings.database_url), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )

    async def run() -> None:
        async with Journal(str(settings.database_url)) as journal:
            await journal.append(SENDER, NOW, 1, None, b"{}")
            await asyncio.to_thread(cut_connections)
            with pytest.raises(UnavailableError):
                await journal.append(SENDER, NOW, 1, None, b"{}")
            await asyncio.sleep(2 * journal_module.RECONNECT_SECONDS)
            await journal.append(SENDER, NOW, 1, None, b"{}")

    asyncio.run(run())
    assert count_requests(settings) == 2


def test_a_request_beyond_the_memory_for_waiting_ones_is_refused(settings: Settings) -> None:
    async def run() -> None:
        async with Journal(str(settings.database_url)) as journal:
            too_much = b" " * (journal_module.MOST_WAITING_BYTES + 1)
            with pytest.raises(UnavailableError):
                await journal.append(SENDER, NOW, 1, None, too_much)

    asyncio.run(run())
    assert count_requests(settings) == 0

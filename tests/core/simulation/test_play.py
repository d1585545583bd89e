"""A simulation played through the HTTP API of a real server."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import uvicorn

from core.cli.server import create_app
from core.identity.clients import create_client
from core.settings import Settings
from core.simulation import (
    Bookmark,
    Credentials,
    SimulationError,
    SimulationPlan,
    play_history,
    play_live,
)

PLAN = SimulationPlan(students=4, days=1)
START_SECONDS = 30.0

Connection = psycopg.Connection[Any]


@pytest.fixture
def api_url(settings: Settings) -> Iterator[str]:
    """The composed server, on a port of its own."""
    config = uvicorn.Config(create_app(settings), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def clients(settings: Settings) -> tuple[Credentials, list[Credentials]]:
    """An admin client and the three partners."""
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        admin = create_client(connection, "Roster", mode="admin")
        partners = [create_client(connection, app.name, mode="production") for app in PLAN.apps]
    made = [Credentials(new.client.client_id, new.client_secret) for new in [admin, *partners]]
    return made[0], made[1:]


def silent(_done: int, _total: int, _label: str) -> None:
    """Progress that nobody looks at."""


def stored(database: Connection, query: str) -> int:
    row = database.execute(query.encode()).fetchone()
    database.rollback()
    assert row is not None
    return int(row[0])


EVENTS = "select coalesce(sum(event_count), 0) from journal.requests"
VERSIONS = "select count(*) from journal.record_versions"


def test_history_writes_roster_catalogs_and_events(
    api_url: str, clients: tuple[Credentials, list[Credentials]], database: Connection
) -> None:
    reports: list[tuple[int, int, str]] = []
    play_history(api_url, *clients, PLAN, lambda *report: reports.append(report))
    assert stored(database, EVENTS) > 100
    count = "select count(*) from registry.records where record_type = "
    assert stored(database, count + "'lesson'") == 7 * 16
    assert stored(database, count + "'class'") == 2 * 7
    assert stored(database, count + "'org'") == 3
    assert stored(database, count + "'agent'") == 4
    assert reports[-1][0] == reports[-1][1]
    assert all(done <= total for done, total, _ in reports)


def test_playing_again_changes_no_record(
    api_url: str, clients: tuple[Credentials, list[Credentials]], database: Connection
) -> None:
    start = datetime.now(UTC) - timedelta(days=2)
    play_history(api_url, *clients, PLAN, silent, until=start)
    before = stored(database, VERSIONS)
    play_history(api_url, *clients, PLAN, silent, until=start)
    assert stored(database, VERSIONS) == before


def test_live_catches_up_and_stops_when_told(
    api_url: str,
    clients: tuple[Credentials, list[Credentials]],
    database: Connection,
    tmp_path: Path,
) -> None:
    admin, partners = clients
    first = datetime(PLAN.first_on.year, PLAN.first_on.month, PLAN.first_on.day, tzinfo=UTC)
    since = play_history(api_url, admin, partners, PLAN, silent, until=first)
    before = stored(database, EVENTS)
    stop = threading.Event()
    bookmark = tmp_path / "played.json"

    def remember(played_until: datetime) -> None:
        Bookmark.of(PLAN, played_until).save(bookmark)
        stop.set()

    play_live(api_url, partners, PLAN, stop, since=since, on_played=remember)
    kept = Bookmark.load(bookmark)
    assert stored(database, EVENTS) > before
    assert kept is not None
    assert kept.plan() == PLAN
    assert kept.played_until > since


def test_a_wrong_secret_is_told_at_once(
    api_url: str, clients: tuple[Credentials, list[Credentials]]
) -> None:
    wrong = Credentials(clients[0].client_id, "wrong")
    with pytest.raises(SimulationError, match="No token: 401"):
        play_history(api_url, wrong, clients[1], PLAN, silent)

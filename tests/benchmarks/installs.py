"""Throw-away installs: ours and the peer's, each with an embedded PostgreSQL of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from core import embedded, lake, postgres
from core.identity.clients import create_client
from core.settings import Settings
from core.simulation import Credentials
from tests.benchmarks import processes
from tests.benchmarks.processes import ROOT, Running, Server, serve

OURS = "core.cli.server:app_from_environment"
PEER = "tests.benchmarks.peer.app:create_app"
PREPARE = "from core import context, settings; context.prepare(settings.Settings())"


@dataclass(frozen=True)
class Install:
    """Our product in a folder of its own; its processes run the code in the folder `code`."""

    settings: Settings
    url: str
    root: Path
    code: Path = ROOT
    variables: Mapping[str, str] = field(default_factory=dict)  # more of its environment

    @property
    def environment(self) -> dict[str, str]:
        """What its processes need to find it, and no rate limit: one client stands for many."""
        return (
            os.environ
            | self.variables
            | {
                "PYTHONPATH": str(self.code),
                "TIMEBACK_DATA_DIR": str(self.settings.root),
                "TIMEBACK_DATABASE_URL": self.url,  # the former commit cannot find our server
                "TIMEBACK_REQUESTS_PER_SECOND": "0",
                "TIMEBACK_EVENT_POSTS_PER_SECOND": "0",
            }
        )

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
        log = self.root / "server.log"
        with serve(OURS, self.environment, log, code=self.code) as server:
            yield server

    @contextmanager
    def api(self) -> Iterator[Server]:
        """Our API as an operator runs it."""
        server = Server(processes.free_port())
        with self.service("api", TIMEBACK_PORT=str(server.port)) as process:
            processes.wait_for(f"{server.url}/openapi.json", process)
            yield server

    @contextmanager
    def service(self, name: str, **variables: str) -> Iterator[Running]:
        """`timeback run NAME`, until the block ends."""
        command = [sys.executable, "-m", "core.cli", "run", name]
        log = self.root / f"{name}.log"
        environment = self.environment | variables
        with processes.running(command, environment, log, code=self.code) as process:
            yield process


@contextmanager
def install(code: Path = ROOT, variables: Mapping[str, str] | None = None) -> Iterator[Install]:
    """A fresh install that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="timeback-bench-") as folder:
        root = Path(folder)
        settings = Settings(data_dir=root / "data", database_url=None, data_path=None)
        with _embedded_postgres(settings) as url:
            made = Install(settings, url, root, code, variables or {})
            command = [sys.executable, "-c", PREPARE]
            subprocess.run(command, cwd=code, env=made.environment, check=True)
            yield made


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
        embedded.stop(settings.cluster)


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

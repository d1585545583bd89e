"""An acknowledged event survives kill -9 of the API and of the loader, and is counted once."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest

from core import lake
from core.identity import clients
from core.identity.clients import NewClient
from core.settings import Settings
from ingest.loader import Loader
from tests.ingest.samples import envelope, grade_event

KILLS = 3
SENDERS = 4
EVENTS_A_POST = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(origin: str) -> None:
    while True:
        try:
            httpx.get(f"{origin}/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return


class Service:
    """A process of the product that is killed and started again."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings = settings
        self.name = name
        self.start()

    def start(self) -> None:
        environment = os.environ | {
            "TIMEBACK_DATA_DIR": str(self.settings.data_dir),
            "TIMEBACK_DATABASE_URL": str(self.settings.database_url),
            "TIMEBACK_PORT": str(self.settings.port),
            "TIMEBACK_LOAD_INTERVAL_SECONDS": "0.05",
            "TIMEBACK_LOAD_BATCH_EVENTS": "100",
        }
        command = [sys.executable, "-m", "core.cli", "run", self.name]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        if self.name == "api":
            wait_until_up(self.settings.origin)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def install(settings: Settings) -> Settings:
    return settings.model_copy(update={"port": free_port()})


@pytest.fixture
def services(install: Settings) -> Iterator[list[Service]]:
    running = [Service(install, "api"), Service(install, "loader")]
    yield running
    for service in running:
        service.kill()


@pytest.fixture
def partner(install: Settings) -> NewClient:
    with psycopg.connect(str(install.database_url)) as connection:
        return clients.create_client(connection, "Sender", mode="production")


def send_until(
    done: Callable[[], bool], install: Settings, partner: NewClient, lane: int
) -> list[str]:
    """Post events, each until it is acknowledged; returns the acknowledged ids."""
    acknowledged: list[str] = []
    token = ""
    number = lane * 1_000_000
    with httpx.Client(base_url=install.origin, timeout=5) as http:
        while not done():
            events = [grade_event(number + n) for n in range(EVENTS_A_POST)]
            try:
                if not token:
                    auth = (partner.client.client_id, partner.client_secret)
                    form = {"grant_type": "client_credentials"}
                    token = http.post("/auth/1.0/token", data=form, auth=auth).json()[
                        "access_token"
                    ]
                headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
                answer = http.post("/events/1.0/", content=envelope(events), headers=headers)
            except (httpx.TransportError, json.JSONDecodeError):
                time.sleep(0.05)
                continue
            if answer.status_code == 202:
                acknowledged += [event["id"].removeprefix("urn:uuid:") for event in events]
                number += EVENTS_A_POST
    return acknowledged


def test_acknowledged_events_survive_kills_of_the_api_and_the_loader(
    install: Settings, services: list[Service], partner: NewClient
) -> None:
    chance = random.Random(11)
    finished = threading.Event()
    results: list[list[str]] = [[] for _ in range(SENDERS)]

    def run(lane: int) -> None:
        results[lane] = send_until(finished.is_set, install, partner, lane)

    threads = [threading.Thread(target=run, args=[lane]) for lane in range(SENDERS)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        for service in services:
            time.sleep(1 + chance.random() * 2)
            service.kill()
            service.start()
    time.sleep(1)
    finished.set()
    for thread in threads:
        thread.join()
    for service in services:
        service.kill()

    with Loader(install) as loader:
        loader.drain()
    with lake.open_duckdb(install) as connection:
        lake.attach(connection, install, str(install.database_url), read_only=True)
        stored = Counter(
            row[0] for row in connection.sql("select event_id from lake.raw.events").fetchall()
        )
        arrivals = connection.sql(
            "select count(*), count(distinct (journal_seq, event_index)) from lake.raw.events"
        ).fetchone()
    acknowledged = {event_id for result in results for event_id in result}
    assert len(acknowledged) > 100
    assert acknowledged <= set(stored)
    assert arrivals is not None
    assert arrivals[0] == arrivals[1]
    resent = sum(stored.values()) - len(stored)  # stored, but the answer was lost: sent again
    assert resent <= SENDERS * EVENTS_A_POST * KILLS

"""A server that takes events, and its partner."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import settings

from core import context
from core.http import create_app
from core.identity.clients import create_client
from core.identity.tokens import issue_to_client
from core.settings import Settings
from ingest.events.examples import EXAMPLES
from ingest.events.openapi import describe
from ingest.events.router import router
from ingest.journal import Journal
from tests.conftest import make_settings

settings.register_profile("unhurried", deadline=None)  # how long one case takes is not the rule
settings.load_profile("unhurried")

CAN_WRITE = ["events.write"]
Change = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def change() -> Change:
    """Make an event from one of the examples: members replaced, or left out where `...`."""

    def changed(event_type: str = "GradeEvent", **members: Any) -> dict[str, Any]:
        event = deepcopy(EXAMPLES[event_type]) | members
        return {name: value for name, value in event.items() if value is not ...}

    return changed


@pytest.fixture(scope="session")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One install for all tests of the door, which keep apart by receipt."""
    root: Path = tmp_path_factory.mktemp("door")
    return make_settings(server_url, root)


@pytest.fixture(scope="session")
def handles(install: Settings) -> Iterator[context.Context]:
    with context.open_context(install) as opened:
        yield opened


@pytest.fixture(scope="session")
def token(handles: context.Context) -> Callable[[list[str]], str]:
    """Access tokens of one partner, with the scopes asked for."""
    with handles.database.connection() as connection:
        client = create_client(connection, "Reader").client

    def issue(scopes: list[str]) -> str:
        issued = issue_to_client(
            handles.keyring, client, scopes, issuer=handles.settings.origin, seconds=600
        )
        return issued.access_token

    return issue


@asynccontextmanager
async def open_journal(app: FastAPI) -> AsyncIterator[None]:
    async with Journal(app.state.context.database_url) as app.state.journal:
        yield


@pytest.fixture(scope="session")
def app_client(install: Settings, handles: context.Context) -> Iterator[TestClient]:
    app = create_app(install, [router], resources=[open_journal], context=handles)
    describe(app)
    with TestClient(app) as client:
        yield client


@pytest.fixture
def partner(app_client: TestClient, token: Callable[[list[str]], str]) -> TestClient:
    """The partner's backend, signed in."""
    app_client.headers.clear()
    app_client.headers["Authorization"] = f"Bearer {token(CAN_WRITE)}"
    return app_client


@pytest.fixture
def journalled(install: Settings) -> Callable[[str], tuple[int, Any, bytes] | None]:
    """What the journal keeps under a receipt: event count, refusals, body."""

    def read(receipt_id: str) -> tuple[int, Any, bytes] | None:
        assert install.database_url is not None
        with psycopg.connect(install.database_url) as connection:
            row = connection.execute(
                "select event_count, refusals, body from journal.requests where receipt_id = %s",
                [receipt_id],
            ).fetchone()
        if row is None:
            return None
        return row[0], json.loads(bytes(row[1])) if row[1] else None, bytes(row[2])

    return read

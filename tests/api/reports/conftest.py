"""The two small schools behind the reports API, and readers of each role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from api.reports.routers import routers
from core import http
from core.context import Context, open_context
from core.identity.router import router as identity_router
from core.settings import Settings
from tests.conftest import make_settings
from tests.dashboards import school
from tests.people import find, token_of

PROJECT = Path(__file__).parents[3] / "dbt_project"
EMAILS = {"root": "root@alpha.test", "ana": "ana@alpha.test", "mia": "mia@math.test"}


@pytest.fixture(scope="session")
def founded(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An install that holds the schools."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("schools") / "data")
    school.found(settings)
    return settings


@pytest.fixture(scope="session")
def context(founded: Settings) -> Iterator[Context]:
    """The install's handles."""
    with open_context(founded) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(founded: Settings, context: Context) -> Iterator[TestClient]:
    """A client of the reports API."""
    app = http.create_app(founded, [*routers, identity_router], context=context)
    with TestClient(app) as opened:
        yield opened


@pytest.fixture(scope="session")
def token(context: Context) -> Callable[[str], dict[str, str]]:
    """The header with which someone reads, by the part of the e-mail before the @."""
    headers: dict[str, dict[str, str]] = {}

    def signed(who: str) -> dict[str, str]:
        if who not in headers:
            email = EMAILS.get(who, f"{who}@school.test")
            headers[who] = {"Authorization": f"Bearer {token_of(context, find(context, email))}"}
        return headers[who]

    return signed


@pytest.fixture(scope="session")
def read(
    client: TestClient, token: Callable[[str], dict[str, str]]
) -> Callable[..., dict[str, Any]]:
    """A report as someone reads it."""

    def answered(who: str, report: str, **parameters: Any) -> dict[str, Any]:
        response = client.get(f"/reports/1.0/{report}", params=parameters, headers=token(who))
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    return answered


@pytest.fixture
def audited(founded: Settings) -> Callable[[str], dict[str, int]]:
    """How often each student was read by an action."""

    def counted(action: str) -> dict[str, int]:
        assert founded.database_url is not None
        with psycopg.connect(founded.database_url) as connection:
            return dict(
                connection.execute(
                    "select student_id, count(*) from identity.audit_log"
                    " where action = %s group by student_id",
                    [action],
                ).fetchall()
            )

    return counted

"""The two small schools behind a running API, once for all tests here."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from api.reports.router import routers
from core import http
from core.context import open_context
from core.identity.router import router as identity_router
from core.settings import Settings
from tests.conftest import make_settings
from tests.dashboards import school

Get = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def founded(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An install that holds the schools."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("schools") / "data")
    school.found(settings)
    return settings


@pytest.fixture(scope="module")
def client(founded: Settings) -> Iterator[TestClient]:
    """A client of the reports API."""
    with open_context(founded) as context:
        app = http.create_app(founded, [*routers, identity_router], context=context)
        with TestClient(app) as opened:
            yield opened

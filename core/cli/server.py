"""The composed server: writes and reads on one origin, with one API reference."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api.app import routers as read_routers
from api.reference.router import router as reference_router
from core.context import Context
from core.dependencies import Database
from core.http import create_app as create_http_app
from core.identity.router import router as identity_router
from core.private import keep_private
from core.settings import Settings
from ingest.app import open_journal
from ingest.app import routers as write_routers
from ingest.events.openapi import describe as describe_events

DESCRIPTION = """
Plug your learning app into a student's day: publish your catalog, send Caliper 1.2 events, and
read back sessions, XP, gradebook results and mastery.

1. Get a token: `POST /auth/1.0/token`.
2. Publish courses, units and lessons: `PUT /rostering/1.0/…`.
3. Send events as they happen: `POST /events/1.0/`.
4. Read back: `GET /xp/1.0/…`, `/analytics/1.0/…`, `/insights/1.0/…`, `/gradebook/1.0/…`.
"""
GC_THRESHOLD = 50_000


@asynccontextmanager
async def calm_garbage_collection(_app: FastAPI) -> AsyncIterator[None]:
    """Keep what start-up made out of the collector, which else stops requests for long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD, 20, 20)
    yield


health_router = APIRouter(include_in_schema=False)


@health_router.get("/health")
def read_health(database: Database) -> dict[str, str]:
    """Whether the API and its store answer."""
    database.execute("select 1")
    return {"status": "ok"}


def create_app(settings: Settings, *, context: Context | None = None) -> FastAPI:
    """The whole HTTP API of an install."""
    app = create_http_app(
        settings,
        [*write_routers, *read_routers, identity_router, reference_router, health_router],
        resources=[open_journal, calm_garbage_collection],
        context=context,
        title="TimeBack Partner API",
        version="1.0",
        description=DESCRIPTION,
    )
    describe_events(app)
    return app


def app_from_environment() -> FastAPI:
    """The app for `uvicorn --factory`; its settings come from `TIMEBACK_*`."""
    keep_private()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return create_app(Settings())

"""The ingest API: everything that is written over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from ingest.catalog.router import routers as catalog_routers
from ingest.events.router import router as events_router
from ingest.journal import Journal

routers: list[APIRouter] = [events_router, *catalog_routers]  # the busiest first


@asynccontextmanager
async def open_journal(app: FastAPI) -> AsyncIterator[None]:
    """The journal's writer, for as long as the app runs: `app.state.journal`."""
    async with Journal(app.state.context.database_url) as app.state.journal:
        yield

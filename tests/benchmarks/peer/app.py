"""The peer's API: `POST /events`."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tests.benchmarks.peer.models import Answer, Envelope, Event
from tests.benchmarks.peer.store import Row, Store

TOKENS = {"peer-token": "peer-client"}
bearer = HTTPBearer()


def get_client(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    """The client of the token; 401 if it is unknown."""
    client_id = TOKENS.get(credentials.credentials)
    if client_id is None:
        raise HTTPException(401)
    return client_id


def to_row(client_id: str, received_at: datetime, event: Event) -> Row:
    """The event's row."""
    generated = event.generated
    return (
        client_id,
        event.id,
        event.type,
        event.action,
        event.actor.id,
        event.session.id if event.session else None,
        event.extensions.course.id,
        event.extensions.lesson.id,
        event.eventTime,
        received_at,
        generated.scoreType if generated else None,
        generated.scoreGiven if generated else None,
        generated.maxScore if generated else None,
        event.model_dump_json(exclude_unset=True),
    )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the store; keep start-up objects out of the collector, as ours does."""
    async with Store(os.environ["PEER_DATABASE_URL"]) as app.state.store:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        yield


def create_app() -> FastAPI:
    """The app, for `uvicorn --factory`."""
    app = FastAPI(lifespan=lifespan)

    @app.post("/events", status_code=202)
    async def post_events(
        request: Request, envelope: Envelope, client_id: Annotated[str, Depends(get_client)]
    ) -> Answer:
        received_at = datetime.now(UTC)
        rows = [to_row(client_id, received_at, event) for event in envelope.data]
        store: Store = request.app.state.store
        await store.write(rows)
        return Answer(accepted=len(rows))

    return app

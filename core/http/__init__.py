"""What every HTTP app here shares: how it opens, what guards it, the one error form."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from core.context import Context, open_context
from core.http.envelope import RequestEnvelope
from core.http.refusals import add_handlers
from core.openapi import tell_as_it_is
from core.settings import Settings

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]

READABLE_ELSEWHERE = (
    "ETag",
    "Link",
    "Retry-After",
    "X-As-Of",
    "X-Build-Id",
    "X-Request-ID",
    "X-Total-Count",
)


def create_app(
    settings: Settings,
    routers: Iterable[APIRouter],
    *,
    resources: Iterable[Resource] = (),
    context: Context | None = None,
    **info: Any,
) -> FastAPI:
    """An app that serves `routers` on an install; `info` goes to FastAPI (title, version, …).

    `resources` are opened with the app and closed with it, after its context is there. With
    `context` it uses those handles and leaves them open; else it opens its own.
    """
    opened = list(resources)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if context is None:
                opening = open_context(settings)
                app.state.context = await run_in_threadpool(opening.__enter__)
                stack.push_async_callback(run_in_threadpool, opening.__exit__, None, None, None)
            else:
                app.state.context = context
            for resource in opened:
                await stack.enter_async_context(resource(app))
            yield

    app = FastAPI(lifespan=lifespan, redirect_slashes=False, docs_url=None, redoc_url=None, **info)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=READABLE_ELSEWHERE,
        )
    app.add_middleware(RequestEnvelope, settings=settings)
    add_handlers(app)
    for router in routers:
        app.include_router(router)
    tell_as_it_is(app)
    return app

"""What every HTTP app here shares: request ids, trailing slashes, the one error form."""

import logging
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import psycopg
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg_pool import PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.context import Context, open_context
from core.errors import (
    AppError,
    Fault,
    InternalError,
    MalformedError,
    MethodNotAllowedError,
    NotFoundError,
    UnavailableError,
)
from core.openapi import tell_refusals_as_they_are
from core.settings import Settings

logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestEnvelope:
    """ASGI middleware: gives each request an id and serves paths with or without a last slash."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        path = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            scope["path"] = path.rstrip("/") or "/"
            scope["raw_path"] = (scope.get("raw_path") or b"").rstrip(b"/") or b"/"

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)


def answer_error(request: Request, error: AppError) -> JSONResponse:
    """The response that an error becomes."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    return JSONResponse(
        error.body(instance=request.url.path, request_id=request_id),
        status_code=error.status,
        headers={**error.headers, "X-Request-ID": request_id},
        media_type=PROBLEM,
    )


async def on_app_error(request: Request, error: Exception) -> JSONResponse:
    """Answer one of our own refusals."""
    assert isinstance(error, AppError)  # noqa: S101  registered for this class
    return answer_error(request, error)


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Answer a parameter or body that does not fit its schema: 400, naming each place."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class
    faults = tuple(
        Fault(".".join(str(part) for part in item["loc"]), str(item["msg"]))
        for item in error.errors()
    )
    detail = "; ".join(f"{fault.path}: {fault.message}" for fault in faults)
    return answer_error(request, MalformedError(detail, code="invalid_request", faults=faults))


async def on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Answer what the router itself refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        refusal: AppError = MethodNotAllowedError(
            f"{request.method} is not served here; use {allowed}.", headers=error.headers
        )
    elif error.status_code == 404:
        refusal = NotFoundError(f"Nothing is served at {request.url.path}.", code="unknown_path")
    else:
        refusal = MalformedError(str(error.detail), code="invalid_request")
    return answer_error(request, refusal)


async def on_store_down(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that PostgreSQL could not take: try again."""
    logger.error("PostgreSQL cannot be reached: %s", type(error).__name__)
    return answer_error(request, UnavailableError("The store is restarting; try again shortly."))


async def on_bug(request: Request, error: Exception) -> JSONResponse:
    """Answer our own fault; the server logs the traceback under the request id."""
    request_id = request.scope.get("state", {}).get("request_id", "")
    logger.error("request %s failed: %s", request_id, type(error).__name__)
    detail = f"Something failed on our side. Tell us the request id {request_id}."
    return answer_error(request, InternalError(detail))


Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]


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
    app.add_middleware(RequestEnvelope)
    app.add_exception_handler(AppError, on_app_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(psycopg.OperationalError, on_store_down)
    app.add_exception_handler(PoolTimeout, on_store_down)
    app.add_exception_handler(Exception, on_bug)
    for router in routers:
        app.include_router(router)
    tell_refusals_as_they_are(app)
    return app

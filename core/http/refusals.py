"""What a refusal looks like on the wire: every error here ends as one JSON form."""

import logging
import traceback
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from core.errors import (
    AppError,
    Fault,
    InternalError,
    MalformedError,
    MethodNotAllowedError,
    NotFoundError,
    UnavailableError,
)

logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
ROOT = Path(__file__).parents[2]
MOST_FRAMES = 12


def request_id_of(request: Request) -> str:
    """The id under which this request is found in the log."""
    request_id: str = request.scope.get("state", {}).get("request_id", "")
    return request_id


def answer_error(request: Request, error: AppError) -> JSONResponse:
    """The response that an error becomes."""
    return JSONResponse(
        error.body(instance=request.url.path, request_id=request_id_of(request)),
        status_code=error.status,
        headers=error.headers,
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
    """Answer what the framework itself refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class
    if isinstance(error.__cause__, AppError):  # a body that we refused while FastAPI read it
        refusal: AppError = error.__cause__
    elif error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        if "GET" in allowed and "HEAD" not in allowed:
            allowed = allowed.replace("GET", "GET, HEAD")  # `envelope` answers it
        refusal = MethodNotAllowedError(
            f"{request.method} is not served here; use {allowed}.", headers={"Allow": allowed}
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


def answer_bug(request: Request, error: Exception) -> JSONResponse:
    """Answer our own fault; the log has where it happened, under the request id."""
    request_id = request_id_of(request)
    logger.error("request %s failed: %s", request_id, place_of(error))
    detail = f"Something failed on our side. Tell us the request id {request_id}."
    return answer_error(request, InternalError(detail))


def place_of(error: BaseException) -> str:
    """What kind of error it was and where, without its message, which may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    kinds = [type(error).__name__]
    while (cause := error.__cause__ or error.__context__) is not None:
        kinds.append(type(cause).__name__)
        error = cause
    lines = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{' from '.join(kinds)} at {' > '.join(lines)}"


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def add_handlers(app: FastAPI) -> None:
    """Give every error of an app this form."""
    app.add_exception_handler(AppError, on_app_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(OperationalError, on_store_down)
    app.add_exception_handler(PoolTimeout, on_store_down)

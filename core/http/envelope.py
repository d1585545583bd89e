"""What surrounds each request: its id, its limits, the headers of its answer, and our own bugs."""

import logging
import re
import uuid

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import AppError, MalformedError, NotFoundError, UnavailableError
from core.http.bodies import BodyGuard
from core.http.headers import completed, default_headers
from core.http.refusals import answer_bug, answer_error, place_of
from core.settings import Settings

logger = logging.getLogger(__name__)
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class AnswerCutOffError(Exception):
    """Our own fault after the answer had begun: the connection is closed in the midst of it."""


class RequestEnvelope:
    """ASGI middleware around the whole app.

    Each request gets an id; a path is served with or without its last slash; HEAD is answered as
    GET is, without the body; NUL in the path is 404, in the query 400; beyond
    `max_requests_at_once` the answer is 503; a body is guarded; every answer has the headers of
    `headers`; a bug becomes a 500 and a line in the log that holds no data.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._headers = default_headers(settings)
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        defaults = (*self._headers, (b"x-request-id", request_id.encode()))
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope = {**scope, "method": "GET"}  # RFC 9110 section 9.3.2
        is_begun = False

        async def send_on(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                message["headers"] = completed(message.get("headers", ()), defaults)
            elif is_head:
                message["body"] = b""
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await answer_error(Request(scope), refusal)(scope, receive, send_on)
            return
        self._running += 1
        try:
            await self._app(scope, BodyGuard(scope, receive, self._settings), send_on)
        except ClientDisconnect:
            logger.info("request %s: the client went away", request_id)
        except Exception as error:
            if is_begun:
                logger.exception("request %s: %s", request_id, place_of(error), exc_info=False)
                raise AnswerCutOffError(request_id) from None
            await answer_bug(Request(scope), error)(scope, receive, send_on)
        finally:
            self._running -= 1

    def _refusal(self, scope: Scope) -> AppError | None:
        """Why the request is not even looked at; also trims the path's last slash."""
        path: str = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            scope["path"] = path.rstrip("/") or "/"
            scope["raw_path"] = (scope.get("raw_path") or b"").rstrip(b"/") or b"/"
        query: bytes = scope["query_string"]
        if "\0" in path:
            return NotFoundError("No address holds the character NUL.")
        if b"%00" in query or b"\0" in query:
            return MalformedError("The query holds the character NUL.", code="invalid_character")
        if self._running >= self._settings.max_requests_at_once:
            return UnavailableError("Too many requests at once; try again shortly.", retry_after=1)
        return None

"""Uvicorn's HTTP protocol with limits that it lacks: heads, addresses, and connections.

A head (request line and headers) that is too large (431), too long in its address (414) or not
whole in time is refused, and so is the connection beyond the most. What uvicorn itself refuses
gets our form of error.
"""

import asyncio
import json
import resource
from typing import cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from core.errors import (
    AddressTooLongError,
    AppError,
    HeadersTooLargeError,
    MalformedError,
    UnavailableError,
)
from core.http.headers import default_headers
from core.http.refusals import PROBLEM
from core.settings import Settings

MOST_HEAD_BYTES = 32_768
MOST_ADDRESS_BYTES = 16_384  # a filter of 4,000 characters, each percent-encoded
OTHER_FILES = 512  # files, database connections and sockets that are no client's


class GuardedProtocol(HttpToolsProtocol):
    """One connection; `protocol_for` makes the class of an install."""

    settings: Settings
    most_connections: int

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, unless there are too many."""
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._is_in_head = True
        self._refused: AppError | None = None
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(UnavailableError("Too many connections; try again shortly."))
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; watch the head until it is whole."""
        if self._refused is not None:
            return
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._is_in_head:
            self._forget_timer()
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refuse(too_large_head())
        elif self._head_timer is None:
            self._await_head()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._is_in_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """Start the request, unless its head is refused."""
        self._is_in_head = False
        if len(self.url) > MOST_ADDRESS_BYTES:
            self._refused = AddressTooLongError(
                f"An address has at most {MOST_ADDRESS_BYTES} bytes."
            )
        elif sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD_BYTES:
            self._refused = too_large_head()
        if self._refused is not None:
            raise httptools.HttpParserCallbackError(self._refused.detail)  # answered below
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be parsed, or was refused while it was parsed."""
        self._refuse(self._refused or MalformedError(msg, code="not_http"))

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.settings.head_seconds, self._on_slow_head)

    def _on_slow_head(self) -> None:
        self._head_timer = None
        if self._is_in_head and not self.transport.is_closing():
            self.transport.close()

    def _forget_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, error: AppError) -> None:
        """Answer without the app, and close."""
        self._refused = error
        self._forget_timer()
        body = json.dumps(error.body(instance="", request_id="")).encode()
        head = [
            (b"content-type", PROBLEM.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *((name.lower().encode(), value.encode()) for name, value in error.headers.items()),
            *default_headers(self.settings),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in head)
        self.transport.write(STATUS_LINE[error.status] + lines + b"\r\n" + body)
        self.transport.close()


def too_large_head() -> HeadersTooLargeError:
    """The refusal of a head."""
    return HeadersTooLargeError(f"Headers have at most {MOST_HEAD_BYTES} bytes together.")


def protocol_for(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol of an install; raises this process's file limit as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    files = hard if hard != resource.RLIM_INFINITY else settings.max_connections + OTHER_FILES
    most = max(1, min(settings.max_connections, files - OTHER_FILES))
    own = type("Protocol", (GuardedProtocol,), {"settings": settings, "most_connections": most})
    return cast("type[asyncio.Protocol]", own)

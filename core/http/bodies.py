"""A request's body on its way in: never more than the limit, never slower than the deadline."""

import asyncio

from starlette.types import Message, Receive, Scope

from core.errors import SlowError, TooLargeError
from core.settings import Settings


class BodyGuard:
    """ASGI `receive` that refuses a body too large (413) or too slow (408)."""

    __slots__ = ("_deadline", "_idle_seconds", "_left", "_most", "_receive", "_seconds")

    def __init__(self, scope: Scope, receive: Receive, settings: Settings) -> None:
        self._receive = receive
        self._most = self._left = settings.max_body_bytes
        self._idle_seconds = settings.body_idle_seconds
        self._seconds = settings.body_seconds
        self._deadline = float("nan")  # not read yet
        declared = next(
            (value for name, value in scope["headers"] if name == b"content-length"), b""
        )
        if declared.isdigit() and len(declared) < 20 and int(declared) > self._most:
            self._left = -1

    async def __call__(self) -> Message:
        """The next part of the body; once it is whole, whatever follows (a disconnect)."""
        if self._deadline == float("inf"):
            return await self._receive()
        if self._left < 0:
            raise self._too_large()
        now = asyncio.get_running_loop().time()
        if self._deadline != self._deadline:  # NaN
            self._deadline = now + self._seconds
        try:
            async with asyncio.timeout_at(min(now + self._idle_seconds, self._deadline)):
                message = await self._receive()
        except TimeoutError as error:
            raise SlowError(
                f"The body did not come within {self._seconds:g} s, or stood still for"
                f" {self._idle_seconds:g} s; send it again."
            ) from error
        if not message.get("more_body", False):
            self._deadline = float("inf")
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise self._too_large()
        return message

    def _too_large(self) -> TooLargeError:
        return TooLargeError(f"The body has more than {self._most} bytes; send less at a time.")

"""Forms of the hosted pages: read with a limit, and only from the browser that opened them."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.responses import Response

from core.context import Context
from core.errors import TooLargeError, UnauthorizedError
from core.identity import opaque, tickets
from core.identity.oidc import sessions

FORM_SECONDS = 3600
MOST_FORM_BYTES = 16_384
PURPOSE = "csrf"


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form by name; 413 if it is larger than MOST_FORM_BYTES."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            raise TooLargeError(f"A form has at most {MOST_FORM_BYTES} bytes.")
    return parse_qs(body.decode(errors="replace"), keep_blank_values=True)


Form = Annotated[dict[str, list[str]], Depends(read_form)]


class Browser:
    """The browser of a request: a random cookie that the tokens in our forms are tied to."""

    def __init__(self, context: Context, request: Request) -> None:
        self._context = context
        self._known = sessions.read_cookie(request, context.settings, sessions.BROWSER)
        self._value = self._known or opaque.make()
        self.hash = opaque.digest(self._value)

    def token(self) -> str:
        """What a form carries: signed, for this browser alone, good for FORM_SECONDS."""
        return tickets.issue(self._context.keyring, self.hash.hex(), PURPOSE, seconds=FORM_SECONDS)

    def sent(self, form: dict[str, list[str]]) -> bool:
        """Whether this browser opened the form that was sent."""
        try:
            holder = tickets.holder(self._context.keyring, form.get("csrf", [""])[0], PURPOSE)
        except UnauthorizedError:
            return False
        return self._known is not None and holder == self.hash.hex()

    def remember(self, response: Response) -> Response:
        """Let the browser hold its cookie."""
        if self._known is None:
            sessions.set_cookie(response, self._context.settings, sessions.BROWSER, self._value)
        return response

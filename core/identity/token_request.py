"""What a caller of the token endpoint sends, read before anything is done with it."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

from fastapi import Request

MOST_BODY_BYTES = 16_384
READ = frozenset(
    {
        "grant_type",
        "client_id",
        "client_secret",
        "scope",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "token",
        "resource",
    }
)
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # NUL, and half of a surrogate pair


@dataclass(frozen=True)
class Grant:
    """What a caller of the token endpoint sent; `fault` says why it could not be read."""

    parameters: dict[str, str]
    is_json: bool
    fault: str | None = None

    @property
    def all_parameters(self) -> dict[str, list[str]]:
        """The parameters in the form that the provider reads."""
        return {name: [value] for name, value in self.parameters.items()}


async def read_grant(request: Request) -> Grant:
    """The parameters that are READ, from HTTP Basic and a form or JSON body (RFC 6749 section 2.3).

    Others are passed over; one that came twice, or under two credentials, is a fault (3.2, 2.3).
    """
    is_json = request.headers.get("content-type", "").startswith("application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            return Grant({}, is_json, "The body is too large.")
    try:
        if is_json:
            named = {k: [v] for k, v in json.loads(body or b"{}").items() if v is not None}
        else:
            named = parse_qs(body.decode(), max_num_fields=50)
    except (ValueError, AttributeError, RecursionError):  # ValueError: no text, too many fields
        return Grant({}, is_json, "The body is neither a form nor a JSON object.")
    for name in sorted(READ & named.keys()):
        if len(named[name]) > 1:
            return Grant({}, is_json, f"{name} was sent more than once.")
        if not isinstance(named[name][0], str):
            return Grant({}, is_json, f"{name} must be a string.")
    sent = {name: str(named[name][0]) for name in READ & named.keys()}
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return Grant({}, is_json, "The Authorization header is not HTTP Basic.")
        shown = {"client_id": unquote_plus(user), "client_secret": unquote_plus(password)}
        if any(sent.get(name, value) != value for name, value in shown.items()):
            return Grant({}, is_json, "Credentials in the body are not those of HTTP Basic.")
        sent |= shown
    if any(NO_TEXT.search(value) for value in sent.values()):
        return Grant({}, is_json, "A value holds a character that is none.")
    return Grant(sent, is_json)

"""JSON bodies of catalog and roster writes, read after the token was checked."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request

from core.errors import Fault, MalformedError, MediaTypeError, TooLargeError
from core.registry.types import Collection

MOST_DEEP = 32
MOST_RECORD_BYTES = 262_144  # a page of 100 such records is still answered


async def read_body(request: Request) -> dict[str, Any]:
    """The body as an object; an empty body is an empty object.

    415 if it is not JSON, 400 if it cannot be read; `core.http.bodies` bounds it.
    """
    media_type = request.headers.get("content-type", "application/json").split(";")[0].strip()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise MediaTypeError(f"Send application/json, not {media_type or 'nothing'}.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise MediaTypeError("A compressed body is not read here.")
    return decode(await request.body())


def decode(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`; 400 for anything else and for text that cannot be kept."""
    try:
        decoded = msgspec.json.decode(body or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"The body is not JSON: {error}.", code="invalid_json") from error
    if not isinstance(decoded, dict):
        raise MalformedError("The body must be a JSON object.", code="not_an_object")
    for depth, text in _texts(decoded):
        if depth > MOST_DEEP:
            raise MalformedError(f"The body is nested deeper than {MOST_DEEP}.", code="too_deep")
        if "\x00" in text:
            raise MalformedError("The body holds the character NUL.", code="invalid_json")
    return decoded


def _texts(decoded: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Every key and string with its depth; "" for what is neither."""
    waiting: list[tuple[int, Any]] = [(0, decoded)]
    while waiting:
        depth, value = waiting.pop()
        yield depth, value if isinstance(value, str) else ""
        if depth <= MOST_DEEP and isinstance(value, dict):
            waiting.extend((depth + 1, item) for pair in value.items() for item in pair)
        elif depth <= MOST_DEEP and isinstance(value, list):
            waiting.extend((depth + 1, item) for item in value)


JsonBody = Annotated[dict[str, Any], Depends(read_body)]


def unwrap(collection: Collection, body: dict[str, Any]) -> dict[str, Any]:
    """The record in a body, wrapped (`{"course": {…}}`) or bare; 413 if it is too large."""
    for wrapper in collection.wrappers:
        inner = body.get(wrapper)
        if isinstance(inner, dict):
            return _bounded(inner)
    return _bounded(body)


def unwrap_many(collection: Collection, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The records in the body of a POST: a list under the plural name, or one record."""
    for plural in (collection.path, collection.record_type.plural):
        inner = body.get(plural)
        if isinstance(inner, list):
            for place, item in enumerate(inner):
                if not isinstance(item, dict):
                    fault = Fault(f"{plural}.{place}", "is no object")
                    raise MalformedError(
                        f"{plural} holds something that is no object.", faults=(fault,)
                    )
                _bounded(item)
            return inner
    return [unwrap(collection, body)]


def _bounded(record: dict[str, Any]) -> dict[str, Any]:
    if len(msgspec.json.encode(record)) > MOST_RECORD_BYTES:
        raise TooLargeError(f"A record has at most {MOST_RECORD_BYTES} bytes as JSON.")
    return record

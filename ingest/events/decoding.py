"""From bytes to events: the one way in which door and loader cut and decode a body.

Both must agree for good: the loader meets bodies that the door accepted long before.
"""

import re
from typing import Any, Union

import msgspec

from ingest.events import references, scores
from ingest.events.envelope import (
    PROCESSED_TYPES,
    ActivityEvent,
    EntityDescribe,
    Envelope,
    Kept,
    OtherEvent,
    Processed,
)

FAST_DEPTH = 10


def _json_of_depth(depth: int) -> Any:
    """The type of any JSON value of at most `depth` levels, every number a double."""
    value: Any = Union[None, bool, float, str]  # noqa: UP007  built up step by step
    for _ in range(depth):
        value = Union[None, bool, float, str, list[value], dict[str, value]]  # noqa: UP007
    return value


ENVELOPE = msgspec.json.Decoder(Envelope)
PROCESSED: msgspec.json.Decoder[Processed] = msgspec.json.Decoder(Processed)
ACTIVITY = msgspec.json.Decoder(ActivityEvent)
OTHER = msgspec.json.Decoder(OtherEvent)
DESCRIBE = msgspec.json.Decoder(EntityDescribe)
# RFC 8259 section 6: a number is what a double can hold. Reading an event with this type is
# also the check that it is whole: text in UTF-8, numbers finite, nothing nested too deep.
DOUBLES = msgspec.json.Decoder(_json_of_depth(FAST_DEPTH))
ANYTHING = msgspec.json.Decoder()

ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
NUL = rb"\u0000"


def without_lone_surrogates(body: bytes) -> bytes:
    """The body with each half of a surrogate pair (no character, RFC 8259 section 8.2) as NUL.

    The door refuses an event that holds NUL, so that only the event with the half is refused.
    """
    if rb"\u" not in body:
        return body
    return ESCAPE.sub(lambda escape: NUL if escape[1] else escape[0], body)


def holds_nul(event: bytes) -> bool:
    r"""Whether any string of the event holds the character NUL (`\u0000`)."""
    return NUL in event and any(found[0] == NUL for found in re.finditer(rb"\\(?:u0000|.)", event))


def open_envelope(body: bytes) -> Envelope:
    """The envelope, its events still undecoded; raises msgspec.DecodeError, RecursionError."""
    try:
        return ENVELOPE.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return ENVELOPE.decode(without_lone_surrogates(body))


def split(body: bytes) -> list[bytes]:
    """Each event of an accepted body, as sent: an envelope's data, or the bare event."""
    try:
        return [bytes(event) for event in open_envelope(body).data]
    except msgspec.ValidationError:
        return [without_lone_surrogates(body)]


def decode(event: bytes | msgspec.Raw) -> Kept:
    """The typed event; raises msgspec.ValidationError where its type's schema is broken."""
    try:
        return PROCESSED.decode(event)
    except msgspec.ValidationError:
        describe = DESCRIBE.decode(event)
        if describe.type in PROCESSED_TYPES:
            raise
        if describe.type == "ActivityEvent" and (activity := _activity(event)) is not None:
            return activity
        return OTHER.decode(event) if describe.claims_to_be_an_event else describe


def _activity(event: bytes | msgspec.Raw) -> ActivityEvent | None:
    """The event if it is a whole activity whose questions are counted; None is no refusal."""
    try:
        found = ACTIVITY.decode(event)
    except msgspec.ValidationError:
        return None
    names_place = references.names_course(found) and references.names_lesson(found)
    _, asked, right = scores.answers(found)
    if not names_place or asked is None or right is None or not references.is_wanted(found):
        return None
    return found

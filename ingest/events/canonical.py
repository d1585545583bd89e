"""A fingerprint that two event objects share exactly when they say the same.

Same means equal in canonical form (RFC 8785): key order, spacing, escapes, 1 and 1.0, 0 and -0 make
no difference. The bytes hashed are a normal form of our own with the same equality, because it
costs a third of the standard's number format: keys sorted, every number written as a double.
"""

import hashlib
from typing import Any

import msgspec

from ingest.events.decoding import ANYTHING, DOUBLES

NORMAL = msgspec.json.Encoder(order="sorted")


def fingerprint(event: bytes | msgspec.Raw) -> str:
    """SHA-256 of the event's normal form, in hex.

    Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError for what no canonical form
    exists (RFC 8785 section 3.1); the door refuses those.
    """
    try:
        normal = NORMAL.encode(DOUBLES.decode(event))
    except msgspec.ValidationError:
        normal = NORMAL.encode(_with_doubles(ANYTHING.decode(event)))
    if b"-0.0" in normal:
        normal = NORMAL.encode(_with_doubles(ANYTHING.decode(event)))
    return hashlib.sha256(normal).hexdigest()


def _with_doubles(value: Any) -> Any:
    """The value with each number as a double and minus zero as zero."""
    if isinstance(value, dict):
        return {key: _with_doubles(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_doubles(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) + 0.0
    return value

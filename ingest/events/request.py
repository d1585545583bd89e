"""A request's body as a whole: JSON, an envelope or one bare event, of a known version."""

import re
from dataclasses import dataclass

import msgspec

from core.errors import Fault, MalformedError, TooLargeError, UnacceptableError
from ingest.events.decoding import open_envelope, without_lone_surrogates
from ingest.events.envelope import Bare, Envelope, Moment

MOST_EVENTS = 10_000
VERSION = re.compile(r"https?://purl\.imsglobal\.org/ctx/caliper/v1p[12]/?")
CONTEXT = re.compile(VERSION.pattern.removesuffix("/?") + r"(?:/.*)?")
VERSIONS = "http://purl.imsglobal.org/ctx/caliper/v1p2 (or v1p1)"
ENVELOPE_HELP = {
    "sensor": "the id of the sender, such as https://app.example.org",
    "sendTime": "an RFC 3339 time such as 2026-01-31T09:30:00.000Z",
    "dataVersion": VERSIONS,
}


@dataclass(frozen=True)
class Request:
    """The events of one request, still as sent; `has_escapes` if any string has a backslash."""

    events: list[msgspec.Raw] | list[bytes]
    is_envelope: bool
    has_escapes: bool

    def path_of(self, index: int) -> str:
        """The JSON path of an event within the body."""
        return f"$.data[{index}]" if self.is_envelope else "$"


def open_request(body: bytes) -> Request:
    """Cut a body into events.

    400 if it is not a JSON object in UTF-8, not an envelope (Caliper 1.2, Envelope) nor an event,
    or has no data; 413 if it has too many events; 422 if its version is not supported.
    """
    try:
        body.decode()
        envelope = open_envelope(body)
    except UnicodeDecodeError as error:
        raise MalformedError("The body is not UTF-8.", code="not_json") from error
    except msgspec.ValidationError as error:
        return _open_bare(body, error)
    except msgspec.DecodeError as error:
        raise MalformedError(f"The body is not JSON: {error}.", code="not_json") from error
    except RecursionError as error:
        raise MalformedError("The body is nested too deep.", code="nested_too_deep") from error
    _require_complete(envelope)
    return Request(envelope.data, is_envelope=True, has_escapes=b"\\" in body)


def _require_complete(envelope: Envelope) -> None:
    missing = [name for name in ENVELOPE_HELP if getattr(envelope, name) in (None, "")]
    if missing:
        raise _incomplete(missing)
    if not isinstance(envelope.sensor, str):
        raise _incomplete(["sensor"])
    try:
        msgspec.convert(envelope.sendTime, Moment)
    except msgspec.ValidationError as error:
        raise _incomplete(["sendTime"]) from error
    if not isinstance(envelope.dataVersion, str) or not VERSION.fullmatch(envelope.dataVersion):
        raise _unsupported("dataVersion", "$.dataVersion")
    if not envelope.data:
        fault = Fault("$.data", "Put at least one event into data.")
        raise MalformedError("The envelope's data is empty.", code="empty_data", faults=(fault,))
    if len(envelope.data) > MOST_EVENTS:
        raise TooLargeError(
            f"The envelope has {len(envelope.data)} events; send at most {MOST_EVENTS} at a time.",
            code="too_many_events",
        )


def _open_bare(body: bytes, error: msgspec.ValidationError) -> Request:
    """One event without an envelope; its version is its @context."""
    try:
        text = without_lone_surrogates(body)
        bare = msgspec.json.decode(text, type=Bare)
    except (msgspec.DecodeError, RecursionError) as second:
        raise _no_envelope("The body must be a JSON object.") from second
    if bytes(bare.data):
        fault = Fault("$.data", "data must be an array of events.")
        raise MalformedError(
            "The envelope's data is not an array.", code="not_an_envelope", faults=(fault,)
        ) from error
    if bare.context is None and not isinstance(bare.type, str):
        raise _no_envelope("The body is neither a Caliper envelope nor an event.")
    contexts = bare.context if isinstance(bare.context, list) else [bare.context]
    if not any(isinstance(item, str) and CONTEXT.fullmatch(item) for item in contexts):
        raise _unsupported("@context", "$['@context']")
    return Request([text], is_envelope=False, has_escapes=b"\\" in text)


def _incomplete(names: list[str]) -> MalformedError:
    faults = tuple(Fault(f"$.{name}", f"Send {ENVELOPE_HELP[name]}.") for name in names)
    detail = f"The envelope lacks a well-formed {', '.join(names)}."
    return MalformedError(detail, code="incomplete_envelope", faults=faults)


def _no_envelope(detail: str) -> MalformedError:
    members = "sensor, sendTime, dataVersion and data, an array of events"
    fault = Fault("$", f"Send an object with {members}.")
    return MalformedError(detail, code="not_an_envelope", faults=(fault,))


def _unsupported(name: str, path: str) -> UnacceptableError:
    return UnacceptableError(
        f"This {name} is not supported.",
        code="unsupported_data_version",
        faults=(Fault(path, f"Send {VERSIONS}."),),
    )

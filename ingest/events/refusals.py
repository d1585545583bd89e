"""Why an event is refused, in words that its sender can act on.

Only refused events come through here, so it may be slow; it must always find an answer.
"""

import re
from typing import Any

import msgspec

from ingest.events.decoding import ANYTHING, DESCRIBE, DOUBLES, holds_nul
from ingest.events.envelope import PROCESSED

MOST_LEVELS = 64
MOST_SHOWN = 60


class Refusal(msgspec.Struct, gc=False):
    """The door's refusal of one event, as the journal keeps it."""

    index: int
    reason: str
    path: str
    message: str


class RefusedError(Exception):
    """An event is refused; `path` is relative to the event (`$.eventTime`)."""

    def __init__(self, reason: str, path: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.path = path
        self.message = message


FIELDS = {
    "id": ("id", "the event's own id, a string such as urn:uuid:…, unique for each event"),
    "type": ("type", 'the event type, such as "GradeEvent"'),
    "actor": ("actor", "who acted: the student's sourcedId, or an object with it as id"),
    "action": ("action", 'what was done, such as "Graded"'),
    "eventTime": ("event_time", "an RFC 3339 time with its offset: 2026-01-31T09:30:00.000Z"),
}
SCORES = frozenset({"scoreGiven", "maxScore"})
MISSING = re.compile(r"missing required field `(\w+)`")
WRONG = re.compile(r"(?P<what>.*?) - at `(?P<path>.+)`$", re.DOTALL)
ACTIONS = {struct.__name__: struct.__annotations__["action"].__args__ for struct in PROCESSED}


def require_whole(event: bytes | msgspec.Raw, *, has_escapes: bool) -> None:
    """Refuse what has no canonical form: NUL, numbers beyond a double, endless nesting."""
    try:
        DOUBLES.decode(event)
    except msgspec.ValidationError:
        _require_finite(event)
    if has_escapes and holds_nul(bytes(event)):
        raise RefusedError(
            "invalid_character",
            "$",
            "A string holds a character that is none (NUL or half a surrogate pair); remove it.",
        )


def explain(event: bytes | msgspec.Raw, error: msgspec.ValidationError) -> RefusedError:
    """The refusal that a schema error stands for."""
    missing = MISSING.search(str(error))
    if missing is not None:
        return _missing(missing[1])
    wrong = WRONG.fullmatch(str(error))
    if wrong is None:
        return RefusedError("not_an_event", "$", "An event is a JSON object.")
    path, what = wrong["path"], wrong["what"]
    names = re.findall(r"\w+", path)
    if "got `null`" in what and names[0] in FIELDS and len(names) == 1:
        return _missing(names[0])
    if names[-1] in SCORES:
        message = f"{names[-1]} must be a finite JSON number, such as 10 or 7.5, not in quotes."
        return RefusedError("invalid_score", path, message)
    if names == ["action"] and (illegal := _illegal_action(event)) is not None:
        return illegal
    if names[0] in FIELDS:
        code, meaning = FIELDS[names[0]]
        return RefusedError(f"invalid_{code}", path, f"{path[2:]} is malformed; send {meaning}.")
    return RefusedError("invalid_field", path, f"{path[2:]}: {what[:MOST_SHOWN]}.")


def too_deep() -> RefusedError:
    """The refusal of an event with more than MOST_LEVELS levels."""
    message = f"The event is nested more than {MOST_LEVELS} levels deep; send a flatter one."
    return RefusedError("nested_too_deep", "$", message)


def _missing(name: str) -> RefusedError:
    code, meaning = FIELDS[name]
    return RefusedError(f"missing_{code}", f"$.{name}", f"{name} is missing; send {meaning}.")


def _illegal_action(event: bytes | msgspec.Raw) -> RefusedError | None:
    """The refusal of an action that is a word, but none of its type's; None if it is no word."""
    head = DESCRIBE.decode(event)
    action, event_type = head.action, head.type
    if not isinstance(action, str) or event_type not in ACTIONS:
        return None
    message = (
        f"{action[:MOST_SHOWN]!r} is no action of {event_type}; "
        f"send one of {', '.join(ACTIONS[event_type])}."
    )
    return RefusedError("illegal_action", "$.action", message)


def _require_finite(event: bytes | msgspec.Raw) -> None:
    """Refuse a number that no double holds, or more than the allowed levels."""
    try:
        value = ANYTHING.decode(event)
        level = [value]
        for _ in range(MOST_LEVELS):
            level = [item for parent in level for item in _children(parent)]
    except RecursionError as error:
        raise too_deep() from error
    except (msgspec.ValidationError, OverflowError) as error:
        message = "A number is too large for a double (RFC 8259 section 6); send it as a string."
        raise RefusedError("number_out_of_range", "$", message) from error
    if level:
        raise too_deep()


def _children(parent: Any) -> list[Any]:
    if isinstance(parent, dict):
        return list(parent.values())
    if isinstance(parent, int):
        float(parent)
    return parent if isinstance(parent, list) else []

"""What an event measured: score, correctness, counts, duration, wherever clients put them.

For each figure the first place where it is present counts: `generated`, `generated.extensions`,
`extensions`, the event itself.
"""

import math
import re
from typing import Any

from ingest.events.envelope import Entity, Event, Extensions, Generated, Metrics

MOST_COUNT = 2**31 - 1
TIMED_TYPES = frozenset({"ViewEvent", "AssignableEvent", "AssessmentEvent", "AssessmentItemEvent"})
# ISO 8601 section 5.5.2 without years and months, whose length in seconds is not fixed.
ISO_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII,
)
UNIT_SECONDS = {"weeks": 604_800.0, "days": 86_400.0, "hours": 3600.0, "minutes": 60.0}


def score(event: Event) -> tuple[str | None, float | None, float | None]:
    """Score type in upper case, points given, most points possible; None where not sent."""
    made = event.generated
    score_type, given, most = None, None, None
    if isinstance(made, Generated):
        score_type, given, most = made.scoreType, made.scoreGiven, made.maxScore
        inner = made.extensions
        if inner is not None:
            score_type = score_type or inner.scoreType
            given = inner.scoreGiven if given is None else given
            most = inner.maxScore if most is None else most
    outer = event.extensions
    if outer is not None:
        score_type = score_type or outer.scoreType
        given = outer.scoreGiven if given is None else given
        most = outer.maxScore if most is None else most
    score_type = score_type or event.scoreType
    given = event.scoreGiven if given is None else given
    most = event.maxScore if most is None else most
    if most is None and isinstance(event.object, Entity):
        most = event.object.maxScore
    return (score_type.strip().upper() or None) if score_type else None, given, most


def answers(event: Event) -> tuple[bool | None, int | None, int | None]:
    """Correct or not, questions asked, questions answered right."""
    made = event.generated
    correct = None
    asked, right = _metrics(made) if isinstance(made, Metrics) else (None, None)
    inner = made.extensions if isinstance(made, Generated) else None
    for extensions in (inner, event.extensions):
        if extensions is None:
            continue
        if correct is None and extensions.correct is not None:
            correct = truth(extensions.correct)
        if asked is None and extensions.totalQuestions is not None:
            asked = count(extensions.totalQuestions)
        if right is None and extensions.correctQuestions is not None:
            right = count(extensions.correctQuestions)
    return correct, asked, right


def _metrics(made: Metrics) -> tuple[int | None, int | None]:
    """Questions asked and answered right, of a list of `{type, value}` or `{metricType, …}`."""
    found: dict[str, int | None] = {}
    for item in made.items if isinstance(made.items, list) else []:
        if isinstance(item, dict):
            name, value = (
                item.get(short, item.get(long))
                for short, long in (("type", "metricType"), ("value", "metricValue"))
            )
            found.setdefault(str(name).lower(), count(value))
    return found.get("totalquestions"), found.get("correctquestions")


def duration(event_type: str, made: Generated | None, sent: Extensions | None) -> float | None:
    """Seconds on task that the event itself measured.

    A media object's length and a session's own duration are no time on task.
    """
    if event_type not in TIMED_TYPES:
        return None
    found = None
    if sent is not None:
        found = seconds(sent.duration)
        found = seconds(sent.durationSeconds) if found is None else found
    if found is None and made is not None:
        found = seconds(made.duration)
    return found


def seconds(value: Any) -> float | None:
    """A number of seconds or an ISO 8601 duration, in seconds; None if it is neither."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if value >= 0 else None
    parts = ISO_DURATION.fullmatch(value) if isinstance(value, str) else None
    if parts is None or not any(parts.groupdict().values()):
        return None
    total = float((parts["seconds"] or "0").replace(",", "."))
    total += sum(float(parts[unit] or 0) * length for unit, length in UNIT_SECONDS.items())
    return total if math.isfinite(total) else None


def truth(value: Any) -> bool | None:
    """A boolean, also as 1 or 0 or as the words true and false; None if it is none."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


def count(value: Any) -> int | None:
    """A whole number that is not negative; None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= MOST_COUNT and value == int(value) else None

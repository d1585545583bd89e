"""The door: what is taken, and what is refused with a reason, before anything is stored.

It decides only what no later record can change. Who the student is, which course and lesson are
meant, and whether the event was sent before, the warehouse decides (`fct_event_verdicts`).
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from ingest.events import references, scores
from ingest.events.decoding import decode
from ingest.events.envelope import (
    EntityDescribe,
    Event,
    GradeEvent,
    Kept,
    Link,
    OtherEvent,
    SessionEvent,
)
from ingest.events.refusals import Refusal, RefusedError, explain, require_whole, too_deep
from ingest.events.request import Request

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MOST_AHEAD = timedelta(hours=24)
OLD_AFTER = timedelta(days=400)
URN_UUID = "urn:uuid:"

COURSE_HELP = "add extensions.course.id, the sourcedId of a course that you published"
LESSON_HELP = "add extensions.lesson.id, the sourcedId of a lesson that you published"


class Verdict(msgspec.Struct, gc=False):
    """The door's answer for one event; `queued` means stored, to be judged at the next build."""

    index: int
    id: str | None
    status: Literal["queued", "rejected"]
    reason: str | None = None
    path: str | None = None
    message: str | None = None
    warnings: list[str] = []


class Judgement(msgspec.Struct):
    """The door's answer for a whole request, in the order sent.

    `is_session_only`: it held SessionEvents alone, all of them taken.
    """

    verdicts: list[Verdict]
    refusals: list[Refusal]
    is_session_only: bool


def judge(request: Request, now: datetime) -> Judgement:
    """Judge each event by itself: one bad event never sinks the rest."""
    verdicts: list[Verdict] = []
    refusals: list[Refusal] = []
    others = 0
    for index, raw in enumerate(request.events):
        try:
            event, warnings = examine(raw, now, has_escapes=request.has_escapes)
        except RefusedError as refused:
            path = request.path_of(index) + refused.path[1:]
            refusals.append(Refusal(index, refused.reason, path, refused.message))
            sent_id = find_id(raw)
            verdicts.append(
                Verdict(index, sent_id, "rejected", refused.reason, path, refused.message)
            )
            continue
        others += not isinstance(event, SessionEvent)
        verdicts.append(Verdict(index, event.id, "queued", warnings=warnings))
    return Judgement(verdicts, refusals, is_session_only=not others and not refusals)


def examine(
    raw: bytes | msgspec.Raw, now: datetime, *, has_escapes: bool
) -> tuple[Kept, list[str]]:
    """One event and its warnings; raises RefusedError."""
    try:
        event = decode(raw)
    except msgspec.ValidationError as error:
        raise explain(raw, error) from error
    except RecursionError as error:
        raise too_deep() from error
    require_whole(raw, has_escapes=has_escapes)
    if not event.id[-1].isalnum():  # an id that ends so cannot be empty
        _require_text("id", event.id, "$.id")
    if isinstance(event, EntityDescribe):
        return event, ["unprocessed_type"]
    _require_actor(event)
    warnings = _check_time(event.eventTime, now)
    if isinstance(event, OtherEvent):
        return event, [*warnings, "unprocessed_type"]
    return event, warnings + _check_places(event)


def find_id(raw: bytes | msgspec.Raw) -> str | None:
    """The id of an event that was refused, if it has one that can be used."""
    try:
        sent = msgspec.json.decode(raw, type=Link).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    is_usable = sent is not None and without_prefix(sent).strip() and "\0" not in sent
    return sent if is_usable else None


def without_prefix(event_id: str) -> str:
    """The id without `urn:uuid:`, so that both spellings name one event (RFC 8141 section 3.1)."""
    if event_id.startswith(URN_UUID) or event_id[:9].lower() == URN_UUID:
        return event_id[9:]
    return event_id


def _require_text(name: str, value: str | None, path: str) -> None:
    if value is None or not without_prefix(value).strip():
        raise RefusedError(f"invalid_{name}", path, f"{name} must not be empty.")


def _require_actor(event: Event | OtherEvent) -> None:
    actor = event.actor
    actor_id = actor.id if isinstance(actor, Link) else actor
    if not actor_id or not actor_id[-1].isalnum():
        _require_text("actor", actor_id, "$.actor.id" if isinstance(actor, Link) else "$.actor")


def _check_time(event_time: datetime, now: datetime) -> list[str]:
    if event_time < EARLIEST:
        raise RefusedError("event_time_too_old", "$.eventTime", "eventTime is before 2000-01-01.")
    if event_time - now > MOST_AHEAD:
        raise RefusedError(
            "event_time_in_future",
            "$.eventTime",
            "eventTime is more than 24 hours ahead; send events as they happen, with UTC or an"
            " offset, and check the sender's clock.",
        )
    return ["older_than_400_days"] if now - event_time > OLD_AFTER else []


def _check_places(event: Event) -> list[str]:
    """Course and lesson: needed for every type but SessionEvent, which only gets a warning."""
    sent = event.extensions
    if sent is not None and references.identity(sent.course) and references.identity(sent.lesson):
        has_course = has_lesson = True  # where most partners put them
    else:
        has_course, has_lesson = references.names_course(event), references.names_lesson(event)
    if isinstance(event, SessionEvent):
        named = {"missing_course": has_course, "missing_lesson": has_lesson}
        warnings = [warning for warning, is_there in named.items() if not is_there]
        return warnings if references.student(event) else [*warnings, "missing_student"]
    if not has_course:
        also = "" if has_lesson else f"; also {LESSON_HELP}"
        raise RefusedError(
            "missing_course", "$.extensions.course.id", f"No course: {COURSE_HELP}{also}."
        )
    if not has_lesson:
        raise RefusedError("missing_lesson", "$.extensions.lesson.id", f"No lesson: {LESSON_HELP}.")
    return _check_grade(event) if isinstance(event, GradeEvent) else []


def _check_grade(event: GradeEvent) -> list[str]:
    score_type, given, _ = scores.score(event)
    warnings = [] if references.student(event) else ["missing_student"]
    if given is None:
        warnings.append("missing_score")
    if score_type is None:
        warnings.append("missing_score_type")
    return warnings

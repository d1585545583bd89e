"""The typed columns that one event fills; meanings stand in core/raw_schema.sql."""

from typing import Any

import pyarrow as pa

from ingest.events.envelope import (
    Entity,
    EntityDescribe,
    Event,
    Generated,
    Kept,
    OtherEvent,
)
from ingest.events.references import (
    assignable,
    attempt,
    course,
    identity,
    kind,
    lesson,
    part,
    session,
    student,
)
from ingest.events.scores import answers, duration, score

TEXT, DOUBLE, COUNT, FLAG = pa.string(), pa.float64(), pa.int32(), pa.bool_()
COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("event_time", pa.timestamp("us", tz="UTC")),
    ("is_processed", FLAG),
    ("event_type", TEXT),
    ("action", TEXT),
    ("actor_ref", TEXT),
    ("actor_type", TEXT),
    ("student_ref", TEXT),
    ("app_ref", TEXT),
    ("session_ref", TEXT),
    ("object_ref", TEXT),
    ("object_type", TEXT),
    ("object_name", TEXT),
    ("object_part_ref", TEXT),
    ("object_part_type", TEXT),
    ("course_ref", TEXT),
    ("lesson_ref", TEXT),
    ("assignable_ref", TEXT),
    ("assignable_type", TEXT),
    ("assignable_part_ref", TEXT),
    ("generated_ref", TEXT),
    ("generated_type", TEXT),
    ("attempt_ref", TEXT),
    ("attempt_part_ref", TEXT),
    ("score_type", TEXT),
    ("score_given", DOUBLE),
    ("max_score", DOUBLE),
    ("is_correct", FLAG),
    ("question_count", COUNT),
    ("correct_count", COUNT),
    ("duration_seconds", DOUBLE),
    ("subject", TEXT),
)
NO_PART = (None, None)
NONE_ASSIGNED: tuple[str | None, ...] = (None, None, None)


def of(event: Kept) -> tuple[Any, ...]:
    """One value for each of `COLUMNS`."""
    if isinstance(event, Event):
        return _of_processed(event)
    return _of_other(event) if isinstance(event, OtherEvent) else _of_describe(event)


def _of_processed(event: Event) -> tuple[Any, ...]:
    event_type = type(event).__name__
    actor, sent, made = event.actor, event.extensions, event.generated
    assigned = assignable(event)
    if isinstance(made, Generated):
        made_ref, made_type = made.id, made.type
    else:
        made_ref, made_type, made = made, None, None
    if assigned is None:
        assigned_facts = NONE_ASSIGNED
    else:
        whole = identity(part(assigned))
        assigned_facts = (identity(assigned), kind(assigned), whole)
    return (
        event.eventTime,
        True,
        event_type,
        event.action,
        identity(actor),
        kind(actor),
        student(event),
        identity(event.edApp),
        session(event),
        *_object(event.object),
        course(event),
        lesson(event),
        *assigned_facts,
        made_ref,
        made_type,
        *attempt(event),
        *score(event),
        *answers(event),
        duration(event_type, made, sent),
        _text(sent.subject) if sent is not None else None,
    )


def _object(thing: str | Entity | None) -> tuple[str | None, ...]:
    """Id, type and name of the object; id and type of what it is part of."""
    if not isinstance(thing, Entity):
        return (thing or None, None, None, *NO_PART)
    whole = thing.isPartOf
    of_what = NO_PART if whole is None else (identity(whole), kind(whole))
    return (thing.id or None, thing.type, _text(thing.name), *of_what)


def _of_other(event: OtherEvent) -> tuple[Any, ...]:
    """An event that produces no figure: only who, what and when."""
    actor = identity(event.actor)
    return (
        event.eventTime,
        False,
        event.type,
        event.action,
        actor,
        kind(event.actor),
        actor,
        _loose_id(event.edApp),
        _loose_id(event.session),
        _loose_id(event.object),
        *[None] * (len(COLUMNS) - 10),
    )


def _of_describe(entity: EntityDescribe) -> tuple[Any, ...]:
    return (None, False, entity.type, *[None] * (len(COLUMNS) - 3))


def _loose_id(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and value else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

"""The API reference of the events route, generated from the structs that the route decodes."""

from typing import Any

import msgspec
from fastapi import FastAPI

from core.identity.scopes import EVENTS_WRITE
from core.openapi import TOO_MANY, alternatives
from ingest.events import examples
from ingest.events.envelope import PROCESSED, EntityDescribe, OtherEvent
from ingest.events.request import ENVELOPE_HELP, MOST_EVENTS
from ingest.events.router import PATHS, Answer

REFERENCE = "#/components/schemas/Caliper{name}"
SUMMARY = "Send Caliper events"
DESCRIPTION = f"""
An envelope with 1 to {MOST_EVENTS} events, or one bare event; at most 5 MB, also as gzip or zstd.
Once answered, the events are durable. Send an event again if you are unsure: the same id with the
same content counts once.

Each event is judged by itself. `queued` means stored: the next build decides whether it counts,
and `GET /events/1.0/{{id}}` tells. `rejected` names the reason, the JSON path and what to mend.

- GradeEvent, AssessmentEvent, AssessmentItemEvent, ViewEvent and AssignableEvent need a course and
  a lesson: `extensions.course.id`, `extensions.lesson.id`. SessionEvent does without.
- The student is the `actor`. Where an app grades or times a session out (`actor.type`
  SoftwareApplication), it is `object.assignee`, `object.user` or `session.user`. Where a person who
  is no student grades, it is `object.assignee`.
- XP: a GradeEvent with `generated.scoreType` "XP" and `generated.scoreGiven`.
- AssessmentEvent also takes the action Completed, which Caliper 1.2 does not list.
- ActivityEvent counts as an AssessmentEvent does if it names course and lesson and its metrics say
  `totalQuestions` and `correctQuestions`; its `xpEarned` is no award, send a GradeEvent for that.
- Any other Caliper event or entity is stored and marked `unprocessed`.
"""
KEPT: tuple[type[msgspec.Struct], ...] = (*PROCESSED, OtherEvent, EntityDescribe)
PROBLEMS = {
    "400": "Not JSON, neither an envelope nor an event, or no data.",
    "401": "No access token, or one that is not good.",
    "403": "The token lacks the scope events.write.",
    "408": "The body did not come in time.",
    "413": "More than 5 MB when decompressed, or too many events.",
    "415": "Neither JSON nor compressed with gzip or zstd.",
    "422": "No event can be taken (`events` says why), or the version is not supported.",
    "503": "The journal cannot store events now; send again after `Retry-After` seconds.",
}


def describe(app: FastAPI) -> None:
    """Make the app's OpenAPI document tell of the events route."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        document["paths"].setdefault(PATHS[0], {})["post"] = operation()
        document.setdefault("components", {}).setdefault("schemas", {}).update(components())
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's way to extend it


def components() -> dict[str, Any]:
    """JSON Schemas: one for each event type, what they share, the envelope and the answer."""
    structs: list[type[msgspec.Struct]] = [*KEPT, Answer]
    _, schemas = msgspec.json.schema_components(structs, ref_template=REFERENCE)
    named = {f"Caliper{name}": schema for name, schema in schemas.items()}
    for name, example in examples.EXAMPLES.items():
        named[f"Caliper{name}"]["examples"] = [example]
    events = [_reference(struct.__name__) for struct in KEPT]
    members: dict[str, Any] = {
        name: {"type": "string", "description": meaning} for name, meaning in ENVELOPE_HELP.items()
    }
    members["data"] = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_EVENTS,
        "items": {"anyOf": events},
    }
    named["CaliperEnvelope"] = {
        "title": "Envelope",
        "description": "Events on their way (Caliper 1.2, Envelope).",
        "type": "object",
        "properties": members,
        "required": list(members),
        "examples": [examples.ENVELOPE],
    }
    return named


def operation() -> dict[str, Any]:
    """The OpenAPI operation of the route."""
    answer = {"application/json": {"schema": _reference("Answer")}}
    responses: dict[str, Any] = {
        "200": {"description": "SessionEvents alone: stored.", "content": answer},
        "202": {
            "description": "Stored; each event's verdict stands in `events`.",
            "content": answer,
        },
    }
    responses |= {
        status: {"description": text, "content": {"application/problem+json": {}}}
        for status, text in PROBLEMS.items()
    }
    responses["429"] = TOO_MANY
    bodies = ("Envelope", *(struct.__name__ for struct in PROCESSED))
    shown = {"envelope": examples.ENVELOPE} | examples.EXAMPLES
    return {
        "tags": ["Events"],
        "summary": SUMMARY,
        "description": DESCRIPTION,
        "operationId": "send_events",
        "security": alternatives([EVENTS_WRITE]),
        "parameters": [
            {
                "name": "verbose",
                "in": "query",
                "description": "false leaves the accepted events out of the answer.",
                "schema": {"type": "boolean", "default": True},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"anyOf": [_reference(name) for name in bodies]},
                    "examples": {name: {"value": example} for name, example in shown.items()},
                }
            },
        },
        "responses": responses,
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=name)}

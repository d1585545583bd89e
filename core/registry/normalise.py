"""From a body as sent to the payload that is kept."""

from typing import Any

from pydantic import ValidationError

from core.errors import Fault, UnacceptableError
from core.registry.types import RecordType

NEVER_KEPT = frozenset({"sourcedId", "dateLastModified", "href", "children", "agents", "password"})


def normalise(kind: RecordType, sourced_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The payload of a record: known keys with clean values, unknown keys under `metadata`.

    422 `invalid_record` names every field that is missing or wrong.
    """
    draft = {key: value for key, value in body.items() if key not in NEVER_KEPT}
    draft["sourcedId"] = sourced_id
    if kind.complete is not None:
        kind.complete(draft)
    known = kind.field_names
    extensions = {key: value for key, value in draft.items() if key not in known}
    sent = draft.get("metadata")
    metadata = sent if isinstance(sent, dict) else {}
    if sent is None or isinstance(sent, dict):
        draft["metadata"] = {**extensions, **metadata}
    try:
        record = kind.model.model_validate(draft)
    except ValidationError as error:
        raise UnacceptableError(
            f"The {kind.name} {sourced_id} cannot be taken as it is.",
            code="invalid_record",
            faults=faults_of(kind.name, error),
        ) from error
    payload = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    if not payload["metadata"]:
        del payload["metadata"]
    return payload


def faults_of(name: str, error: ValidationError) -> tuple[Fault, ...]:
    """Every field that is missing or wrong, by its path below `name`."""
    return tuple(
        Fault(".".join([name, *map(str, item["loc"])]), _words(item))
        for item in error.errors(include_url=False, include_context=False)
    )


def merge(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """JSON merge patch (RFC 7396): null removes, objects merge, the rest replaces."""
    merged = dict(target)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            held = merged.get(key)
            merged[key] = merge(held if isinstance(held, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def _words(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    return "is missing" if item["type"] == "missing" else message

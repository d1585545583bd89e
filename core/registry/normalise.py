"""From a body as sent to the payload that is kept."""

from typing import Any

from pydantic import ValidationError

from core.errors import Fault, UnacceptableError
from core.registry.types import RecordType

READ_ONLY = frozenset({"sourcedId", "dateLastModified", "href", "children", "agents", "password"})


def normalise(kind: RecordType, sourced_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The payload of a record: known keys with clean values, unknown keys under `metadata`.

    422 `invalid_record` names every field that is missing or wrong.
    """
    draft = {**body, "sourcedId": sourced_id}
    if kind.complete is not None:
        kind.complete(draft)
    known = kind.field_names
    extensions = {
        key: value for key, value in draft.items() if key not in known and key not in READ_ONLY
    }
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
            faults=tuple(
                Fault(".".join([kind.name, *map(str, item["loc"])]), _words(item))
                for item in error.errors(include_url=False, include_context=False)
            ),
        ) from error
    payload = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    if not payload["metadata"]:
        del payload["metadata"]
    return payload


def _words(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    return "is missing" if item["type"] == "missing" else message

"""What the OpenAPI document says of catalog and roster writes."""

from typing import Any

from core.registry.schemas import envelope
from core.registry.types import RecordType

REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Not JSON, or the body's sourcedId is not the path's."},
    401: {"description": "No token, or one that is not good."},
    403: {"description": "The token lacks `roster.createput`, or Alpha owns such records."},
    404: {"description": "Not there, or not yours; the two read the same."},
    409: {"description": "`sourced_id_unavailable`, or a parent that was fixed at creation."},
    412: {"description": "If-Match or If-None-Match does not hold."},
    413: {"description": "The body is larger than the limit."},
    415: {"description": "The body is not JSON."},
    422: {"description": "A field is missing or wrong, or a parent is not there; each is named."},
}
WRITTEN_OVER: dict[int | str, dict[str, Any]] = {
    code: text for code, text in REFUSALS.items() if code != 404
}


def put_answers(kind: RecordType) -> dict[int | str, dict[str, Any]]:
    """What a PUT answers beside 200."""
    return {201: {"model": envelope(kind), "description": "It is new."}, **WRITTEN_OVER}


def one_body(kind: RecordType, *, is_required: bool = True) -> dict[str, Any]:
    """The request body of a PUT: the record, wrapped or bare."""
    return _body(
        {
            "anyOf": [
                {"$ref": f"#/components/schemas/{envelope(kind).__name__}"},
                {"$ref": f"#/components/schemas/{kind.model.__name__}"},
            ]
        },
        is_required=is_required,
    )


def patch_body(kind: RecordType) -> dict[str, Any]:
    """The request body of a PATCH: any of the record's fields."""
    return _body({"type": "object", "description": f"Fields of the {kind.name}; null removes."})


def many_body(kind: RecordType) -> dict[str, Any]:
    """The request body of a POST: records under the plural name."""
    items = {"$ref": f"#/components/schemas/{kind.model.__name__}"}
    return _body({"type": "object", "properties": {kind.plural: {"type": "array", "items": items}}})


def _body(schema: dict[str, Any], *, is_required: bool = True) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": is_required, "content": content}}

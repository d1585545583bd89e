"""What the OpenAPI document says about the refusals and forms that read routes share."""

from typing import Any

from api.formats import ARROW, CSV

TEXT = {"type": "string"}
PROBLEM = {
    "title": "Problem",
    "description": "A refusal (RFC 9457), with what OneRoster clients read (`imsx_*`) beside it.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "message", "requestId"],
    "properties": {
        "type": {**TEXT, "examples": ["urn:timeback:error:limit_out_of_range"]},
        "title": {**TEXT, "examples": ["Bad Request"]},
        "status": {"type": "integer", "examples": [400]},
        "detail": {**TEXT, "examples": ["limit must be between 1 and 100, not 500."]},
        "instance": {**TEXT, "description": "The path that was asked for."},
        "message": {**TEXT, "description": "The same as `detail`."},
        "requestId": {**TEXT, "description": "Tell us this id when you ask for help."},
        "imsx_codeMajor": {**TEXT, "const": "failure"},
        "imsx_severity": {**TEXT, "const": "error"},
        "imsx_description": TEXT,
        "imsx_CodeMinor": {"type": "object"},
        "imsx_error_details": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"path": {**TEXT, "examples": ["query.limit"]}, "message": TEXT},
            },
        },
    },
}


def _refusal(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }


def _header(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


STAMPS = {
    "ETag": _header("Of this very answer; send it back as `If-None-Match`."),
    "X-Build-Id": _header("The published build that was read: `build_id`."),
    "X-As-Of": _header("The instant that the figures are true at: `as_of`."),
}
PAGING = {
    "X-Total-Count": _header("Rows of the whole list.", "integer"),
    "Link": _header("`first`, `prev`, `next` and `last` page, of the same build."),
}

READ: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer.", "headers": STAMPS},
    304: {"description": "`If-None-Match` names this very answer."},
    400: _refusal("A parameter is malformed or out of range; the answer names it."),
    401: _refusal("No token, or one that is not good."),
    403: _refusal("The token lacks the scope `events.readonly`, or the role reads no students."),
    404: _refusal("Not there, or not yours to see; the two read the same."),
    410: _refusal("The build that `build` or `as_of` asks for is kept no longer."),
    503: {
        **_refusal("The first build is still being made (`no_build_yet`)."),
        "headers": {"Retry-After": _header("Seconds after which to come back.", "integer")},
    },
}

REFUSED_UPLOAD: dict[int | str, dict[str, Any]] = {
    413: _refusal("The file is larger than the limit."),
    415: _refusal("The file is not sent as CSV."),
    422: _refusal("The file has no rows, or more than are read at once."),
}

TABLE: dict[int | str, dict[str, Any]] = {
    **READ,
    200: {
        "description": "The answer in the form that `Accept` prefers: JSON, or the same figures as"
        " a table in CSV or an Arrow stream.",
        "headers": STAMPS,
        "content": {
            CSV: {"schema": {"type": "string"}},
            ARROW: {"schema": {"type": "string", "format": "binary"}},
        },
    },
}

LIST: dict[int | str, dict[str, Any]] = {
    **TABLE,
    200: {
        **TABLE[200],
        "description": "One page, in the form that `Accept` prefers: JSON, CSV or an Arrow stream"
        " of the same rows.",
        "headers": STAMPS | PAGING,
    },
}

UNBUILT_READ: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer.", "headers": {"ETag": STAMPS["ETag"]}},
    **{status: READ[status] for status in (304, 400, 401)},
    403: _refusal(
        "The token lacks the scope `events.readonly`, or the role has no access to this."
    ),
}
"""As READ, for what is read from no build."""

UNBUILT_LIST: dict[int | str, dict[str, Any]] = {
    **UNBUILT_READ,
    200: {
        **LIST[200],
        "headers": {"ETag": STAMPS["ETag"], **PAGING},
    },
}
"""As LIST, for what is read from no build."""

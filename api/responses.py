"""What the OpenAPI document says about the refusals and forms that read routes share."""

from typing import Any

from pydantic import BaseModel, Field

from api.formats import ARROW, CSV


class ErrorDetail(BaseModel):
    """One thing to mend."""

    path: str = Field(examples=["query.limit"])
    message: str = Field(examples=["limit must be between 1 and 100, not 500."])


class Problem(BaseModel):
    """A refusal (RFC 9457), with what OneRoster clients read (`imsx_*`) beside it."""

    type: str = Field(examples=["urn:timeback:error:limit_out_of_range"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str
    instance: str = Field(description="The path that was asked for.")
    message: str
    requestId: str  # noqa: N815 RUF100  a wire name
    imsx_codeMajor: str = "failure"  # noqa: N815 RUF100  a wire name
    imsx_severity: str = "error"
    imsx_description: str
    imsx_error_details: list[ErrorDetail] = []


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "model": Problem,
        "content": {"application/problem+json": {"schema": schema}},
    }


READ: dict[int | str, dict[str, Any]] = {
    304: {"description": "`If-None-Match` names this very answer."},
    400: _refusal("A parameter is malformed or out of range; the answer names it."),
    401: _refusal("No token, or one that is not good."),
    403: _refusal("The token lacks the scope `events.readonly`, or the role reads no students."),
    404: _refusal("Not there, or not yours to see; the two read the same."),
    503: _refusal("No build has been published yet; `Retry-After` says when to come back."),
}

LIST: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One page, in the form that `Accept` prefers.",
        "headers": {
            "X-Total-Count": {"schema": {"type": "integer"}},
            "Link": {"schema": {"type": "string"}},
            "ETag": {"schema": {"type": "string"}},
        },
        "content": {
            CSV: {"schema": {"type": "string"}},
            ARROW: {"schema": {"type": "string", "format": "binary"}},
        },
    },
    **READ,
}

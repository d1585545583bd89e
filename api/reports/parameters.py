"""What the routes of the reports share: parameters and refusals."""

from typing import Annotated, Any

from fastapi import Query

from api.responses import READ

REFUSALS: dict[int | str, dict[str, Any]] = {
    **{status: READ[status] for status in (400, 401, 404, 410, 503)},
    403: {**READ[403], "description": "The token's role or scope has no such report."},
}

Days = Annotated[int, Query(ge=1, le=90, description="Days up to today.")]

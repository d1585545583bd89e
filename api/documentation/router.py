"""The dbt docs at /dbt-docs: a page for analysts and admins, opened through a link of theirs.

A browser that follows a link sends no token, and this API has no cookies. So whoever is signed in
at the dashboards asks for a link, which carries a ticket that opens this page alone for some
minutes. The page is one file: its own links need no further request.
"""

from pathlib import Path
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse, Response
from pydantic import BaseModel, Field

from core.builds import registry
from core.builds.documentation import POLICY, latest_page
from core.builds.first import RETRY_SECONDS, outlook
from core.context import Context
from core.dependencies import AppContext, CurrentViewer, Database
from core.errors import ForbiddenError, NoBuildYetError, UnauthorizedError, UnavailableError
from core.identity import tickets
from core.identity.people import find_person

PAGE = "/dbt-docs"
READERS = frozenset({"analyst", "admin", "platform_admin"})
LINK_SECONDS = 900
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",  # the address holds the ticket
    "X-Content-Type-Options": "nosniff",
}
EXPIRED = "<p>This link has expired. Open the docs again from the Warehouse page."

router = APIRouter(prefix=PAGE, include_in_schema=False)


class Link(BaseModel):
    """An address that a browser opens without a header."""

    url: str = Field(description="Where the page is.", examples=["http://localhost:8000/dbt-docs"])
    expires_in: int = Field(description="Seconds for which it opens.", examples=[900])


@router.post("/links")
def make_link(viewer: CurrentViewer, context: AppContext, database: Database) -> Link:
    """A link to the dbt docs for the signed-in analyst or admin; 403 for everyone else."""
    if viewer.kind != "person" or not viewer.roles & READERS:
        raise ForbiddenError("The dbt docs are for analysts and admins.", code="role_required")
    _page(context, database)
    ticket = tickets.issue(context.keyring, viewer.subject, PAGE, seconds=LINK_SECONDS)
    return Link(url=f"{context.settings.origin}{PAGE}?ticket={ticket}", expires_in=LINK_SECONDS)


@router.get("")
def read_page(
    context: AppContext, database: Database, ticket: Annotated[str, Query()] = ""
) -> Response:
    """The page, for whoever holds a good ticket and still has the role."""
    try:
        person = find_person(database, tickets.holder(context.keyring, ticket, PAGE))
    except UnauthorizedError:
        person = None
    if person is None or person.status != "active" or not person.roles & READERS:
        return HTMLResponse(EXPIRED, status_code=401, headers=HEADERS)
    page = _page(context, database)
    return FileResponse(page, media_type="text/html", headers=HEADERS)


def _page(context: Context, database: psycopg.Connection[Any]) -> Path:
    """The file that was written last; 503 before the first build, and until it is written."""
    page = latest_page(context.settings)
    if page is not None:
        return page
    if registry.latest(database) is None:
        raise NoBuildYetError(outlook(database), retry_after=RETRY_SECONDS)
    raise UnavailableError("The dbt docs are written after the first build; try again soon.")

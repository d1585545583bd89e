"""What routes ask for: a database transaction and the viewer."""

from collections.abc import Iterator
from typing import Annotated, Any

import psycopg
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from core.access import Viewer
from core.context import Context
from core.errors import ForbiddenError, UnauthorizedError
from core.identity.scopes import CLIENT_SCOPES

bearer = HTTPBearer(
    auto_error=False, description="An access token from `POST /auth/1.0/token` (RFC 6750)."
)


def get_context(request: Request) -> Context:
    """The handles that the app was opened with."""
    context: Context = request.app.state.context
    return context


AppContext = Annotated[Context, Depends(get_context)]


def open_transaction(context: AppContext) -> Iterator[psycopg.Connection[Any]]:
    """One PostgreSQL transaction; commits before the answer leaves, rolls back on an error."""
    with context.database.connection() as connection:
        yield connection


Database = Annotated[psycopg.Connection[Any], Depends(open_transaction, scope="function")]


def address_of(request: Request) -> str:
    """Where a request comes from; a proxy on this machine says it (`X-Forwarded-For`)."""
    return request.client.host if request.client else "unknown"


def get_viewer(
    context: AppContext,
    request: Request,
    scopes: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Viewer:
    """Whoever the token speaks for; 401 without a good one, 403 if it lacks a scope.

    A route that names no scope wants one of the API's, so that the token of an app in which
    someone only signed in opens none. 429 if it asked too often, or if its address was refused
    too often.
    """
    try:
        if credentials is None:
            raise UnauthorizedError("Send an access token: Authorization: Bearer …", error=None)
        viewer = context.tokens.verify(credentials.credentials)
    except UnauthorizedError:
        context.rates.failures.take(address_of(request))
        raise
    context.rates.requests.take(viewer.subject)
    missing = [scope for scope in scopes.scopes if scope not in viewer.scopes]
    if not scopes.scopes and viewer.scopes.isdisjoint(CLIENT_SCOPES):
        missing = list(CLIENT_SCOPES)
    if missing:
        raise ForbiddenError(
            f"The token lacks the scope {missing[0]}.",
            code="insufficient_scope",
            headers={
                "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{missing[0]}"'
            },
        )
    return viewer


CurrentViewer = Annotated[Viewer, Security(get_viewer)]


def require_scope(scope: str) -> Any:
    """A parameter dependency: the viewer, whose token must carry `scope`.

    Use as `viewer: Annotated[Viewer, require_scope("roster.readonly")]`.
    """
    return Security(get_viewer, scopes=[scope])

"""Who the person of an access token is (OIDC Core section 5.3)."""

from typing import Annotated, Any

import psycopg
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, SecurityScopes

from core.access import Viewer
from core.dependencies import AppContext, bearer, get_viewer
from core.errors import MalformedError, UnauthorizedError
from core.identity.login_clients import find_login_client
from core.identity.oidc.claims import claims_of
from core.identity.oidc.forms import Form
from core.identity.people import find_person

FORM = "application/x-www-form-urlencoded"


def get_signed_in(
    context: AppContext,
    request: Request,
    scopes: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    form: Form,
) -> Viewer:
    """Whoever the token speaks for, sent as a header or in a form (RFC 6750 section 2.2).

    400 if it was sent twice; else as `get_viewer`.
    """
    is_form = request.headers.get("content-type", "").partition(";")[0].strip() == FORM
    tokens = form.get("access_token", []) if request.method == "POST" and is_form else []
    if len(tokens) + (credentials is not None) > 1:
        raise MalformedError(
            "The token was sent more than once; send it as a header or as access_token in a form.",
            code="invalid_request",
            headers={"WWW-Authenticate": 'Bearer error="invalid_request"'},
        )
    if tokens:
        credentials = HTTPAuthorizationCredentials(scheme="Bearer", credentials=tokens[0])
    return get_viewer(context, request, scopes, credentials)


def claims(connection: psycopg.Connection[Any], viewer: Viewer) -> dict[str, Any]:
    """The claims that the token's scopes open; its `sub` is that of the ID token."""
    client = find_login_client(connection, viewer.login_client_id or "")
    person = find_person(connection, viewer.subject)
    if client is None or person is None:
        raise UnauthorizedError("This sign-in has ended; sign in again.")
    return claims_of(person, client, " ".join(viewer.scopes))

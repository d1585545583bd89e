"""Who the person of an access token is (OIDC Core section 5.3)."""

from typing import Any

import psycopg

from core.access import Viewer
from core.errors import UnauthorizedError
from core.identity.login_clients import find_login_client
from core.identity.oidc.claims import claims_of
from core.identity.people import find_person


def claims(connection: psycopg.Connection[Any], viewer: Viewer) -> dict[str, Any]:
    """The claims that the token's scopes open; its `sub` is that of the ID token."""
    client = find_login_client(connection, viewer.login_client_id or "")
    person = find_person(connection, viewer.subject)
    if client is None or person is None:
        raise UnauthorizedError("This sign-in has ended; sign in again.")
    return claims_of(person, client, " ".join(viewer.scopes))

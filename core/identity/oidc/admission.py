"""Who may sign in to which app."""

from typing import Any

import psycopg

from core.identity.clients import find_client
from core.identity.login_clients import LoginClient
from core.identity.people import Person


def why_refused(
    connection: psycopg.Connection[Any], client: LoginClient, person: Person
) -> str | None:
    """Why this person cannot sign in to this app, in words for them; None: they can.

    Our own apps take everyone. A partner in production takes people whom the roster knows, a
    testing partner only the users that it made in its sandbox.
    """
    if client.partner_client_id is None:
        return None
    partner = find_client(connection, client.partner_client_id)
    if partner is None or partner.status != "active":
        return "This app is no longer connected to TimeBack."
    if partner.mode == "testing":
        if person.made_by == partner.client_id:
            return None
        return "This app is still being tested. Only its own test users can sign in to it yet."
    if not person.has_user:
        return "This app is for students and staff, and your login is not tied to a school record."
    if person.is_sandbox:
        return "This app is in use at real schools, and your login is a test user's."
    return None

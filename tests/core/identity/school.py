"""Who signs in: a school with a student and a guide, apps of four partners, and our own."""

from dataclasses import dataclass
from typing import Any

import psycopg

from core.identity import clients, login_clients, people
from core.identity.login_clients import NewLoginClient
from core.registry import records

PASSWORD = "correct horse battery"
CALLBACK = "https://rocket.example/callback"
AFTERWARDS = "https://rocket.example/bye"


@dataclass(frozen=True)
class Apps:
    """Login clients: of partners in production (one public), of a testing one, and ours."""

    rocket: NewLoginClient
    phone: NewLoginClient
    rival: NewLoginClient
    tryout: NewLoginClient
    ours: NewLoginClient
    partner_of_rocket: str
    partner_of_tryout: str


def user(given_name: str, role: str, org: str) -> dict[str, Any]:
    """A OneRoster user."""
    return {
        "givenName": given_name,
        "familyName": "Test",
        "email": f"{given_name.lower()}@x.example",
        "primaryOrg": {"sourcedId": org},
        "roles": [{"role": role, "roleType": "primary", "org": {"sourcedId": org}}],
    }


def found(connection: psycopg.Connection[Any]) -> Apps:
    """Write the school and register the apps."""
    rocket = clients.create_client(connection, "Reading Rocket", mode="production").client
    rival = clients.create_client(connection, "Rival Reading", mode="production").client
    tryout = clients.create_client(connection, "Tryout", mode="testing").client
    records.put(connection, "org", "maple", {"name": "Maple", "type": "school"})
    for user_id, name, role in (("s-ana", "Ana", "student"), ("g-gil", "Gil", "teacher")):
        records.put(connection, "user", user_id, user(name, role, "maple"))
    records.put(
        connection,
        "user",
        "t-sam",
        user("Sam", "student", "partner-sandbox"),
        owner_client_id=tryout.client_id,
        is_sandbox=True,
    )
    users = {"ana": "s-ana", "gil": "g-gil", "sam": "t-sam"}
    for name in (*users, "new"):
        people.create_person(connection, f"{name}@maple.example", PASSWORD, user_id=users.get(name))

    def app(name: str, partner: str | None, *uris: str, public: bool = False) -> NewLoginClient:
        return login_clients.create_login_client(
            connection,
            name,
            partner_client_id=partner,
            redirect_uris=uris or (CALLBACK,),
            post_logout_redirect_uris=[AFTERWARDS],
            is_public=public,
        )

    return Apps(
        rocket=app("Reading Rocket", rocket.client_id),
        phone=app("Rocket phone", rocket.client_id, "http://127.0.0.1/done", public=True),
        rival=app("Rival Reading", rival.client_id),
        tryout=app("Tryout", tryout.client_id),
        ours=app("Dashboards", None),
        partner_of_rocket=rocket.client_id,
        partner_of_tryout=tryout.client_id,
    )

"""What an app learns of a person: claims of ID tokens and of userinfo (OIDC Core section 5.1)."""

from typing import Any

from core.identity.login_clients import LoginClient
from core.identity.people import Person
from core.identity.scopes import EMAIL, PROFILE

CLAIMS_SUPPORTED = (
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "sid",
    "sourcedId",
    "roles",
    "org",
    "name",
    "given_name",
    "family_name",
    "email",
    "email_verified",
)


def claims_of(person: Person, client: LoginClient, scope: str) -> dict[str, Any]:
    """The claims that these scopes open; what the roster does not know is left out.

    `sub` is the sourcedId of the person's OneRoster user, for staff without one their login's id.
    Our own dashboards also learn the roles that decide between their pages.
    """
    scopes = scope.split()
    claims: dict[str, Any] = {
        "sub": subject_of(person),
        "sourcedId": person.user_id if person.has_user else None,
        "roles": sorted(set(person.oneroster_roles)) if person.has_user else None,
        "org": person.org_id,
    }
    if PROFILE in scopes:
        claims |= {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
        }
    if EMAIL in scopes:
        claims |= {"email": person.email, "email_verified": False}
    if client.partner_client_id is None:
        claims["dashboard_roles"] = sorted(person.roles)
    return {name: value for name, value in claims.items() if value is not None}


def subject_of(person: Person) -> str:
    """The claim `sub`: the sourcedId, or the login's id for someone whom no roster knows."""
    return person.user_id if person.has_user and person.user_id else str(person.person_id)

"""People who sign in, and the roles that the roster gives them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from psycopg.rows import class_row

from core.errors import ConflictError, UnacceptableError

HASHER = PasswordHasher()
NOBODY = HASHER.hash("a password that no one has")
LEAST_PASSWORD_LENGTH = 10

ROLE_OF_ONEROSTER_ROLE = {
    "student": "student",
    "parent": "parent",
    "guardian": "parent",
    "teacher": "guide",
    "administrator": "admin",
    "siteAdministrator": "admin",
    "districtAdministrator": "admin",
    "systemAdministrator": "admin",
}


@dataclass(frozen=True)
class Person:
    """Someone with a login.

    `user_id` is the sourcedId of their OneRoster user, `org_id` of its primaryOrg; `made_by` is
    the testing client in whose sandbox the user lives. All are None without one. `status` is
    `disabled` for a disabled login, and where the roster's `enabledUser` is false.
    """

    person_id: UUID
    email: str
    user_id: str | None
    client_id: str | None
    is_platform_admin: bool
    is_analyst: bool
    status: str
    given_name: str | None
    family_name: str | None
    oneroster_roles: list[str]
    org_id: str | None
    has_user: bool
    is_sandbox: bool
    made_by: str | None

    @property
    def name(self) -> str:
        """What to call them on a page."""
        return " ".join(part for part in (self.given_name, self.family_name) if part) or self.email

    @property
    def roles(self) -> frozenset[str]:
        """Roles on the dashboards, from the roster and from the login itself."""
        roles = {
            ROLE_OF_ONEROSTER_ROLE[role]
            for role in self.oneroster_roles
            if role in ROLE_OF_ONEROSTER_ROLE
        }
        if self.client_id:
            roles.add("partner")
        if self.is_platform_admin:
            roles.add("platform_admin")
        if self.is_analyst:
            roles.add("analyst")
        return frozenset(roles)


SELECT_PERSON = """
    select
        people.person_id, people.email, people.user_id, people.client_id,
        people.is_platform_admin, people.is_analyst,
        case
            when exists (
                select from registry.records as account
                where
                    account.record_type = 'user' and account.sourced_id = people.user_id
                    and account.payload -> 'enabledUser' = 'false'
            ) then 'disabled'
            else people.status
        end as status,
        roster.payload ->> 'givenName' as given_name,
        roster.payload ->> 'familyName' as family_name,
        array(
            select role ->> 'role' from registry.roles_now(roster.payload) as role
        ) as oneroster_roles,
        roster.payload -> 'primaryOrg' ->> 'sourcedId' as org_id,
        roster.sourced_id is not null as has_user,
        coalesce(roster.is_sandbox, false) as is_sandbox,
        case when roster.is_sandbox then roster.owner_client_id end as made_by
    from identity.people as people
    left join registry.records as roster
        on roster.record_type = 'user'
        and roster.sourced_id = people.user_id
        and roster.status = 'active'
"""


def find_person(connection: psycopg.Connection[Any], person_id: str) -> Person | None:
    """The person of that id, disabled or not; None if there is none."""
    with connection.cursor(row_factory=class_row(Person)) as cursor:
        return cursor.execute(
            SELECT_PERSON + " where people.person_id = %s", [person_id]
        ).fetchone()


def create_person(
    connection: psycopg.Connection[Any],
    email: str,
    password: str,
    *,
    user_id: str | None = None,
    client_id: str | None = None,
    is_platform_admin: bool = False,
    is_analyst: bool = False,
) -> Person:
    """Give someone a login; 409 if the address has one, 422 if the password is too short."""
    if len(password) < LEAST_PASSWORD_LENGTH:
        raise UnacceptableError(
            f"A password needs at least {LEAST_PASSWORD_LENGTH} characters.",
            code="password_too_short",
        )
    row = connection.execute(
        "insert into identity.people"
        " (email, password_hash, user_id, client_id, is_platform_admin, is_analyst)"
        " values (%s, %s, %s, %s, %s, %s)"
        " on conflict (lower(email)) do nothing returning person_id",
        [email, HASHER.hash(password), user_id, client_id, is_platform_admin, is_analyst],
    ).fetchone()
    if row is None:
        raise ConflictError(f"{email} has a login already.", code="email_taken")
    person = find_person(connection, str(row[0]))
    assert person is not None  # noqa: S101  inserted above
    return person


def find_login(connection: psycopg.Connection[Any], email: str) -> tuple[str, str, str] | None:
    """person_id, password hash and status of a login; None if there is none."""
    if "\0" in email:
        return None
    row = connection.execute(
        "select person_id::text, password_hash, status from identity.people"
        " where lower(email) = lower(%s)",
        [email],
    ).fetchone()
    return (row[0], row[1], row[2]) if row else None


def sign_in(connection: psycopg.Connection[Any], email: str, password: str) -> Person | None:
    """The active person whose password this is, or None; takes as long for an unknown address."""
    login = find_login(connection, email)
    try:
        HASHER.verify(login[1] if login else NOBODY, password)
    except VerificationError:
        return None
    person = find_person(connection, login[0]) if login else None
    if login is None or person is None or person.status != "active":
        return None
    person_id, password_hash, _ = login
    if HASHER.check_needs_rehash(password_hash):
        connection.execute(
            "update identity.people set password_hash = %s where person_id = %s",
            [HASHER.hash(password), person_id],
        )
    return person

"""Tokens of people without a browser."""

from core.context import Context
from core.identity.people import Person, find_login, find_person
from core.identity.tokens import issue_to_person


def find(context: Context, email: str) -> Person:
    """Whoever has that e-mail."""
    with context.database.connection() as connection:
        login = find_login(connection, email)
        assert login is not None, email
        person = find_person(connection, login[0])
    assert person is not None
    return person


def token_of(context: Context, person: Person) -> str:
    """An access token of that person, good for ten minutes."""
    issuer = context.settings.origin
    return issue_to_person(context.keyring, person, issuer=issuer, seconds=600).access_token

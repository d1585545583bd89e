"""Tickets: what lets a browser, which sends no token, open one page for some minutes.

A ticket is a signed JWT of a type of its own, so that no API takes it for an access token.
"""

import time

from joserfc import jwt
from joserfc.errors import JoseError

from core.errors import UnauthorizedError
from core.identity.keys import Keyring
from core.identity.tokens import ALGORITHM

TYPE = "ticket+jwt"


def issue(keyring: Keyring, person_id: str, page: str, *, seconds: int) -> str:
    """A ticket with which that person opens that page (its path) for so many seconds."""
    key = keyring.signing_key()
    claims = {"sub": person_id, "aud": page, "exp": int(time.time()) + seconds}
    return str(jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}, claims, key))


def holder(keyring: Keyring, ticket: str, page: str) -> str:
    """The id of the person whose ticket it is; UnauthorizedError if it is not good for the page."""
    try:
        decoded = jwt.decode(ticket, keyring.verification_keys(), [ALGORITHM])
        claims = decoded.claims
        is_good = (
            decoded.header.get("typ") == TYPE
            and claims["aud"] == page
            and time.time() < claims["exp"]
        )
    except (JoseError, ValueError, KeyError, TypeError):
        is_good = False
    if not is_good:
        raise UnauthorizedError("This link has expired.", error="invalid_ticket")
    return str(claims["sub"])

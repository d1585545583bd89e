"""ID tokens of ours that come back as a hint at whom an app means (OIDC Core section 3.1.2.1)."""

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from core.context import Context
from core.identity.tokens import ALGORITHM


def read(context: Context, id_token: str) -> dict[str, Any] | None:
    """The claims of an ID token of ours, however old; None if it is none."""
    try:
        decoded = jwt.decode(id_token, context.keyring.verification_keys(), [ALGORITHM])
    except (JoseError, ValueError):
        return None
    claims = decoded.claims
    is_ours = claims.get("iss") == context.settings.origin
    if not is_ours or decoded.header.get("typ") != "JWT" or not {"sub", "aud"} <= claims.keys():
        return None
    return claims

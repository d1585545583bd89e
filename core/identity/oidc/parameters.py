"""Parameters of an authorization request that hang on nobody: obeyed, or refused by their name.

`display`, `ui_locales`, `claims_locales` and `acr_values` are wishes, whose use is no error (OIDC
Core section 15.1): one page in English fits every window, and there is one way to sign in. A
parameter that nobody knows is passed over (RFC 6749 section 3.1).
"""

from collections.abc import Mapping

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import (
    RegistrationNotSupportedError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
)

PROMPTS = ("none", "login", "select_account", "consent")
DISPLAYS = ("page", "popup", "touch", "wap")
# OIDC Core section 3.1.2.1, RFC 7636 section 4.3
ONCE = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "response_mode",
    "nonce",
    "display",
    "prompt",
    "max_age",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "code_challenge",
    "code_challenge_method",
)
MOST_DIGITS = 10


class InvalidTargetError(OAuth2Error):  # type: ignore[misc]
    """The token would be for something else than this API (RFC 8707 section 2)."""

    error = "invalid_target"
    description = "resource may only be this API, the origin that the issuer names"


def check(sent: Mapping[str, list[str]], origin: str) -> None:
    """Refuse what cannot be obeyed, with the code that the standard has for it (OAuth2Error)."""
    if "request" in sent:
        raise RequestNotSupportedError
    if "request_uri" in sent:
        raise RequestURINotSupportedError
    if "registration" in sent:
        raise RegistrationNotSupportedError
    if "claims" in sent:
        raise InvalidRequestError("The parameter claims is not supported; ask by scope")
    if "authorization_details" in sent:
        raise OAuth2Error(
            "authorization_details is not supported; ask by scope",
            error="invalid_authorization_details",  # RFC 9396 section 5
        )
    for name in ONCE:
        if len(sent.get(name, [])) > 1:
            raise InvalidRequestError(f"{name} was sent more than once")
    check_resource(sent.get("resource", []), origin)
    if "response_type" not in sent:
        raise InvalidRequestError("Send response_type=code")
    if sent["response_type"] != ["code"]:
        raise OAuth2Error("Send response_type=code", error="unsupported_response_type")
    if sent.get("response_mode", ["query"]) != ["query"]:
        raise InvalidRequestError("The only response_mode is query")
    if not set(" ".join(sent.get("prompt", [])).split()) <= set(PROMPTS):
        raise InvalidRequestError(f"prompt may be {', '.join(PROMPTS)}")
    if not set(sent.get("display", [])) <= set(DISPLAYS):
        raise InvalidRequestError(f"display may be {', '.join(DISPLAYS)}")
    if "max_age" in sent and read_seconds(sent["max_age"][0]) is None:
        raise InvalidRequestError("max_age must be a number of seconds, 0 or more")


def check_resource(resources: list[str], origin: str) -> None:
    """Refuse a `resource` that is not this API (RFC 8707 section 2)."""
    if any(resource.rstrip("/") != origin for resource in resources):
        raise InvalidTargetError


def read_seconds(text: str) -> int | None:
    """The seconds of `max_age`; None if it is no such number."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_number else None

"""What a client library reads to find its way (OIDC Discovery 1.0, RFC 8414)."""

from typing import Any

from core.identity.oidc.claims import CLAIMS_SUPPORTED
from core.identity.oidc.parameters import DISPLAYS, PROMPTS
from core.identity.scopes import SIGN_IN_SCOPES
from core.identity.tokens import ALGORITHM

CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post", "none"]


def metadata(origin: str) -> dict[str, Any]:
    """The provider's metadata; every address lies on `origin`."""
    return {
        "issuer": origin,
        "authorization_endpoint": f"{origin}/auth/1.0/authorize",
        "token_endpoint": f"{origin}/auth/1.0/token",
        "userinfo_endpoint": f"{origin}/auth/1.0/userinfo",
        "jwks_uri": f"{origin}/.well-known/jwks.json",
        "end_session_endpoint": f"{origin}/auth/1.0/logout",
        "revocation_endpoint": f"{origin}/auth/1.0/revoke",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "scopes_supported": list(SIGN_IN_SCOPES),
        "claims_supported": list(CLAIMS_SUPPORTED),
        "claim_types_supported": ["normal"],
        "prompt_values_supported": list(PROMPTS),
        "display_values_supported": list(DISPLAYS),
        "token_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "revocation_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": ["en"],
    }

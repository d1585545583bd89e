"""What the OpenAPI document says about the bodies of the token endpoint and of revocation."""

from core.identity.oidc.adapters import AUTHORIZATION_CODE, REFRESH_TOKEN

TOKEN_BODY = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {
                            "type": "string",
                            "enum": ["client_credentials", AUTHORIZATION_CODE, REFRESH_TOKEN],
                        },
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string", "format": "password"},
                        "scope": {"type": "string"},
                        "code": {"type": "string"},
                        "redirect_uri": {"type": "string", "format": "uri"},
                        "code_verifier": {"type": "string"},
                        "refresh_token": {"type": "string"},
                    },
                }
            }
        }
    }
}


REVOKE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["token"],
                    "properties": {
                        "token": {"type": "string", "description": "The token to end."},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string", "format": "password"},
                    },
                }
            }
        },
    }
}

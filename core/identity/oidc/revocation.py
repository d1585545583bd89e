"""Revoking refresh tokens (RFC 7009): the app signs someone out for good."""

from typing import Any

from authlib.oauth2.rfc7009 import RevocationEndpoint

from core.identity.oidc import store
from core.identity.oidc.adapters import SECRET_METHODS, Authorization, ProtocolRequest


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """Ends the grant of a refresh token, and with it the access tokens; 200 for an unknown one."""

    CLIENT_AUTH_METHODS = SECRET_METHODS

    def query_token(self, token: str, hint: str | None) -> Authorization | None:  # noqa: ARG002
        """The grant of the token."""
        grant = store.find_by_refresh_token(self.server.connection, token)
        return Authorization(grant) if grant else None

    def revoke_token(self, token: Authorization, request: ProtocolRequest) -> Any:  # noqa: ARG002
        """End the grant."""
        store.end(self.server.connection, token.grant.grant_id, "revoked")

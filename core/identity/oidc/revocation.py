"""Revoking tokens (RFC 7009): the app signs someone out for good."""

from typing import Any

from authlib.oauth2.rfc7009 import RevocationEndpoint

from core.identity.oidc import store
from core.identity.oidc.adapters import SECRET_METHODS, Authorization, ProtocolRequest


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """Ends the grant of a token, and with it all that were made by it; 200 for an unknown one."""

    CLIENT_AUTH_METHODS = SECRET_METHODS

    def query_token(self, token: str, hint: str | None) -> Authorization | None:  # noqa: ARG002
        """The grant of the token, refresh or access: which it is, shows without the hint."""
        grant = store.find_by_refresh_token(self.server.connection, token)
        grant_id = self.server.context.tokens.grant_of(token)
        if grant is None and grant_id is not None:
            grant = store.find(self.server.connection, grant_id)
        return Authorization(grant) if grant else None

    def revoke_token(self, token: Authorization, request: ProtocolRequest) -> Any:  # noqa: ARG002
        """End the grant."""
        store.end(self.server.connection, token.grant.grant_id, "revoked")

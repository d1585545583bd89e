"""The two grants of people: a code with PKCE, and a refresh token that rotates."""

from typing import Any

from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from core.identity.oidc import store
from core.identity.oidc.adapters import (
    SECRET_METHODS,
    App,
    Authorization,
    Granter,
    ProtocolRequest,
)


class S256(CodeChallenge):  # type: ignore[misc]
    """PKCE that every app must use, and only with S256 (RFC 7636, RFC 9700 section 2.1.1)."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012  Authlib's name and type

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse an authorization request without a challenge, or with a plain one."""
        sent = grant.request.payload.data
        if not sent.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge': PKCE with S256 is required")
        if sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Send 'code_challenge_method=S256'")
        super().validate_code_challenge(grant, redirect_uri)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """The authorization code flow (OIDC Core section 3.1)."""

    TOKEN_ENDPOINT_AUTH_METHODS = SECRET_METHODS

    def generate_authorization_code(self) -> str:
        """A new code."""
        return str(generate_token(self.AUTHORIZATION_CODE_LENGTH))

    def save_authorization_code(self, code: str, request: ProtocolRequest) -> None:
        """Keep the code with all that it is bound to."""
        sent = request.payload.data
        store.save_code(
            self.server.connection,
            code,
            request.user.signed.session,
            client_id=request.client.get_client_id(),
            redirect_uri=sent["redirect_uri"],
            scope=request.scope,
            code_challenge=sent["code_challenge"],
            nonce=sent.get("nonce"),
        )

    def query_authorization_code(self, code: str, client: App) -> Authorization | None:
        """The grant of the code; a replay ends what was made from it."""
        grant = store.take_code(self.server.connection, code, client.get_client_id())
        return Authorization(grant) if grant else None

    def delete_authorization_code(self, authorization_code: Authorization) -> None:
        """The code is used up; it is kept so that a replay is seen."""
        store.mark_code_used(self.server.connection, authorization_code.grant.grant_id)

    def authenticate_user(self, authorization_code: Authorization) -> Granter | None:
        """The person of the code."""
        granter: Granter | None = self.server.granter(self.client, authorization_code.grant)
        return granter


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    """Refresh tokens that rotate (RFC 6749 section 6, RFC 9700 section 4.14.2)."""

    TOKEN_ENDPOINT_AUTH_METHODS = SECRET_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Authorization | None:
        """The grant of the token; one that was used before ends the grant."""
        grant = store.take_refresh_token(
            self.server.connection, refresh_token, self.client.get_client_id()
        )
        return Authorization(grant) if grant else None

    def authenticate_user(self, refresh_token: Authorization) -> Granter:
        """The person of the grant."""
        granter: Granter | None = self.server.granter(self.client, refresh_token.grant)
        if granter is None:
            raise OAuth2Error("This person can no longer sign in", error="invalid_grant")
        return granter

    def revoke_old_credential(self, refresh_token: Authorization) -> None:  # noqa: ARG002
        """The old token is used up."""
        store.mark_refresh_token_used(self.server.connection, self.request.form["refresh_token"])

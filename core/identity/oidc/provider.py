"""The provider: Authlib's authorization server on one transaction of this install."""

import time
from typing import Any

import psycopg
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidRequestError, OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from authlib.oidc.core.grants.code import OpenIDToken
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc.jwk import ECKey
from starlette.responses import Response

from core import audit
from core.context import Context
from core.identity import tokens
from core.identity.login_clients import find_login_client
from core.identity.oidc import admission, store
from core.identity.oidc.adapters import (
    SECRET_METHODS,
    App,
    Authorization,
    Granter,
    ProtocolRequest,
)
from core.identity.oidc.claims import claims_of
from core.identity.oidc.revocation import Revocation
from core.identity.oidc.sessions import Session, Signed
from core.identity.people import find_person

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Provider(AuthorizationServer):  # type: ignore[misc]
    """Answers the authorization and token endpoints; made for one request."""

    def __init__(self, context: Context, connection: psycopg.Connection[Any]) -> None:
        super().__init__()
        self.context = context
        self.connection = connection
        self.register_token_generator("default", self.make_tokens)
        self.register_grant(CodeGrant, [S256(required=True), IdToken(self)])
        self.register_grant(RefreshGrant, [RefreshedIdToken(self)])
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> App | None:
        """The active app of that id."""
        client = find_login_client(self.connection, client_id)
        return App(self.connection, client) if client and client.status == "active" else None

    def make_tokens(
        self, *, client: App, user: Granter, scope: str, include_refresh_token: bool, **_: Any
    ) -> dict[str, Any]:
        """The access token and, for partners, a refresh token."""
        assert user.grant is not None  # noqa: S101  made from a code or a refresh token
        issued = tokens.issue_by_grant(
            self.context.keyring, user.signed.person,
            client_id=client.client.client_id, grant_id=user.grant.grant_id, scope=scope,
            issuer=self.context.settings.origin, seconds=self.context.settings.token_seconds,
        )  # fmt: skip
        answer = {**vars(issued), "token_type": "Bearer"}
        if include_refresh_token:
            made = store.make_refresh_token(self.connection, user.grant.grant_id)
            answer["refresh_token"] = made
        return answer

    def save_token(self, token: dict[str, Any], request: ProtocolRequest) -> None:  # noqa: ARG002
        """Write down that one was issued; the tokens themselves are not kept."""
        audit.record(
            self.connection, actor_kind="person",
            actor_id=str(request.user.signed.person.person_id), action="token.issue",
            details={
                "client_id": request.client.get_client_id(),
                "grant_type": request.payload.grant_type,
            },
        )  # fmt: skip

    def granter(self, client: App, grant: store.Grant) -> Granter | None:
        """The person of a grant, if they are active and may still sign in to the app."""
        person = find_person(self.connection, str(grant.person_id))
        if person is None or person.status != "active":
            return None
        if admission.why_refused(self.connection, client.client, person) is not None:
            return None
        session = Session(grant.sid, grant.person_id, grant.signed_in_at)
        return Granter(Signed(session, person), grant)

    def create_oauth2_request(self, request: ProtocolRequest) -> ProtocolRequest:
        """Requests come in the form that is wanted."""
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        """An answer for the web framework; a redirect names its issuer (RFC 9207)."""
        sent = dict(headers)
        if "Location" in sent:
            return RedirectResponse(self.signed_redirect(sent["Location"]), 302, NO_STORE)
        if isinstance(body, dict) and body.get("error") == "invalid_client":
            sent |= {"WWW-Authenticate": 'Basic realm="timeback"'}
            status = 401
        return JSONResponse(body, status, {**sent, **NO_STORE})

    def signed_redirect(self, location: str) -> str:
        """The address with the parameter `iss`, against mix-up attacks."""
        return str(add_params_to_uri(location, {"iss": self.context.settings.origin}))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


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
            self.server.connection, code, request.user.signed.session,
            client_id=request.client.get_client_id(),
            redirect_uri=sent["redirect_uri"],
            scope=request.scope,
            code_challenge=sent["code_challenge"],
            nonce=sent.get("nonce"),
        )  # fmt: skip

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


class Es256:
    """How ID tokens are made here: ES256, with this install's keys and claims."""

    def __init__(self, provider: Provider) -> None:
        self.require_nonce = False
        self._provider = provider
        self._key = provider.context.keyring.signing_key()

    def exists_nonce(self, nonce: str, request: ProtocolRequest) -> bool:  # noqa: ARG002
        """False: a nonce is the app's own check, and going back in a browser repeats it."""
        return False

    def get_client_algorithm(self, client: App) -> str:  # noqa: ARG002
        """ES256."""
        return tokens.ALGORITHM

    def get_encode_header(self, client: App) -> dict[str, str]:  # noqa: ARG002
        """The header; `typ` sets an ID token apart from an access token."""
        return {"alg": tokens.ALGORITHM, "typ": "JWT", "kid": str(self._key.kid)}

    def resolve_client_private_key(self, client: App) -> ECKey:  # noqa: ARG002
        """The key that signs now."""
        return self._key

    def get_client_claims(self, client: App) -> dict[str, Any]:
        """Who it is from and for; it lives as long as the access token."""
        settings = self._provider.context.settings
        return {
            "iss": settings.origin,
            "aud": client.get_client_id(),
            "exp": int(time.time()) + settings.token_seconds,
        }

    def generate_user_info(self, user: Granter, scope: str) -> dict[str, Any]:
        """The person's claims, and those of their session."""
        assert user.grant is not None  # noqa: S101  tokens are made of grants
        app = self._provider.query_client(user.grant.client_id)
        assert app is not None  # noqa: S101  it authenticated
        session = user.signed.session
        return {
            **claims_of(user.signed.person, app.client, scope),
            "auth_time": session.auth_time,
            "sid": str(session.sid),
        }


class IdToken(Es256, OpenIDCode):  # type: ignore[misc]
    """The ID token of a code (OIDC Core section 3.1.3.3)."""


class RefreshedIdToken(Es256, OpenIDToken):  # type: ignore[misc]
    """The ID token of a refresh, without a nonce (OIDC Core section 12.2)."""

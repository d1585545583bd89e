"""The provider: Authlib's authorization server on one transaction of this install."""

import time
from typing import Any

import psycopg
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import AuthorizationServer
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
    App,
    Granter,
    ProtocolRequest,
)
from core.identity.oidc.claims import claims_of
from core.identity.oidc.grants import S256, CodeGrant, RefreshGrant
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
            self.context.keyring,
            user.signed.person,
            client_id=client.client.client_id,
            grant_id=user.grant.grant_id,
            scope=scope,
            issuer=self.context.settings.origin,
            seconds=self.context.settings.token_seconds,
        )
        answer = {**vars(issued), "token_type": "Bearer"}
        if include_refresh_token:
            made = store.make_refresh_token(self.connection, user.grant.grant_id)
            answer["refresh_token"] = made
        return answer

    def save_token(self, token: dict[str, Any], request: ProtocolRequest) -> None:  # noqa: ARG002
        """Write down that one was issued; the tokens themselves are not kept."""
        audit.record(
            self.connection,
            actor_kind="person",
            actor_id=str(request.user.signed.person.person_id),
            action="token.issue",
            details={
                "client_id": request.client.get_client_id(),
                "grant_type": request.payload.grant_type,
            },
        )

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

"""What Authlib's server is handed: requests, apps and grants in the form that it knows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request, TokenMixin
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oidc.core import AuthorizationCodeMixin

from core.identity.login_clients import LOOPBACK_HOSTS, LoginClient, is_secret_of
from core.identity.oidc.sessions import Signed
from core.identity.oidc.store import Grant
from core.identity.scopes import PERSON_SCOPES, SIGN_IN_SCOPES

AUTHORIZATION_CODE = "authorization_code"
REFRESH_TOKEN = "refresh_token"  # noqa: S105  the name of a grant
SECRET_METHODS = ["none", "client_secret_post"]  # HTTP Basic was read before: one form for both


class Payload(BasicOAuth2Payload):  # type: ignore[misc]
    """Parameters by name, with all values of those that were sent more than once."""

    def __init__(self, sent: dict[str, list[str]]) -> None:
        super().__init__({name: values[0] for name, values in sent.items()})
        self._datalist = sent


class ProtocolRequest(OAuth2Request):  # type: ignore[misc]
    """Parameters of an OAuth request, wherever they were sent.

    Authlib refuses plain http but for loopback; which origin is safe to serve on is for whoever
    runs the install to say, so it is shown https.
    """

    def __init__(self, method: str, path: str, sent: dict[str, list[str]]) -> None:
        super().__init__(method, f"https://timeback.invalid{path}")
        self.payload = Payload(sent)

    @property
    def args(self) -> dict[str, str]:
        """The parameters."""
        return self.form

    @property
    def form(self) -> dict[str, str]:
        """The parameters."""
        data: dict[str, str] = self.payload.data
        return data


@dataclass(frozen=True)
class App(ClientMixin):  # type: ignore[misc]
    """A login client as Authlib asks it."""

    connection: psycopg.Connection[Any]
    client: LoginClient

    def get_client_id(self) -> str:
        """Its client_id."""
        return self.client.client_id

    def get_default_redirect_uri(self) -> None:
        """None: `redirect_uri` must be sent (OIDC Core section 3.1.2.1)."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Those of the requested scopes that the app may have; None without `openid`.

        A scope that nobody knows is left out. People's records are only for our own apps.
        """
        asked = (scope or "openid").split()
        allowed: tuple[str, ...] = SIGN_IN_SCOPES
        if self.client.partner_client_id is None:
            allowed += PERSON_SCOPES
        return " ".join(name for name in allowed if name in asked) if "openid" in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it is registered, character by character; on the own machine with any port.

        A native app listens on whatever port is free (RFC 8252 section 7.3): only where the
        registered URI names an IP of the machine itself, without a port.
        """
        registered = self.client.redirect_uris
        return redirect_uri in registered or any(
            _differs_only_in_port(redirect_uri, uri) for uri in registered
        )

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether the secret is the app's."""
        return is_secret_of(self.connection, self.client.client_id, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002
        """A public app has no secret to show, any other must show it."""
        return (method == "none") == self.client.is_public

    def check_response_type(self, response_type: str) -> bool:
        """Only the code flow."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Refresh tokens are for partners: the dashboards go through the browser again."""
        if grant_type == REFRESH_TOKEN:
            return self.client.partner_client_id is not None
        return grant_type == AUTHORIZATION_CODE


@dataclass(frozen=True)
class Authorization(AuthorizationCodeMixin, TokenMixin):  # type: ignore[misc]
    """A grant as Authlib asks it, be it of a code or of a refresh token."""

    grant: Grant
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        """What the verifier must hash to (RFC 7636)."""
        return self.grant.code_challenge

    def get_redirect_uri(self) -> str:
        """Where the code was sent."""
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        """What was granted."""
        return self.grant.scope

    def get_nonce(self) -> str | None:
        """What the app sent along, to be found again in the ID token."""
        return self.grant.nonce

    def get_auth_time(self) -> int:
        """When the person signed in, epoch seconds."""
        return int(self.grant.signed_in_at.timestamp())

    def check_client(self, app: App) -> bool:
        """Whether it was granted to that app."""
        return self.grant.client_id == app.client.client_id


@dataclass(frozen=True)
class Granter:
    """The person of a grant: who Authlib calls the user."""

    signed: Signed
    grant: Grant | None = None


def _differs_only_in_port(uri: str, registered: str) -> bool:
    try:
        sent, known = urlsplit(uri), urlsplit(registered)
        port = sent.port
    except ValueError:
        return False
    return (
        known.scheme == "http"
        and known.hostname in LOOPBACK_HOSTS - {"localhost"}
        and known.port is None
        and port is not None
        and sent._replace(netloc=known.netloc) == known
        and sent.netloc == f"{known.netloc}:{port}"
    )

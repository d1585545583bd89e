"""What an app asks at the authorization endpoint, checked (OIDC Core section 3.1.2.2)."""

from typing import Any
from urllib.parse import parse_qs

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import RequestNotSupportedError, RequestURINotSupportedError
from starlette.responses import Response

from core.identity.oidc.adapters import App, Granter, ProtocolRequest
from core.identity.oidc.provider import Provider
from core.identity.oidc.sessions import Signed
from core.identity.scopes import EMAIL, PROFILE

PATH = "/auth/1.0/authorize"


class UnanswerableError(Exception):
    """The app cannot be told, as it or its address is unknown: a page says `reason`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Asked:
    """An authorization request whose app and redirect URI are known to be right."""

    def __init__(self, provider: Provider, query: str) -> None:
        sent = parse_qs(query, keep_blank_values=True)
        self.query = query
        self._provider = provider
        self._request = ProtocolRequest("GET", PATH, {"scope": ["openid"], **sent})
        self._parameters: dict[str, str] = self._request.form
        if any("\0" in value for values in sent.values() for value in values):
            raise UnanswerableError("The link that brought you here is broken.", "a NUL in it")
        self.app = self._find_app(sent.get("redirect_uri", []))
        self.redirect_uri = self._parameters["redirect_uri"]

    def parameter(self, name: str) -> str:
        """A parameter; an empty string if it was not sent."""
        return self._parameters.get(name, "")

    @property
    def is_silent(self) -> bool:
        """Whether the app wants an answer at once and no page (`prompt=none`)."""
        return "none" in self.parameter("prompt").split()

    @property
    def learns(self) -> str:
        """What the app will see, in words; nothing needs saying for our own."""
        if self.app.client.partner_client_id is None:
            return ""
        scopes = self.parameter("scope").split()
        parts = ["your school ID", "your role", "your school"]
        parts += ["your name"] * (PROFILE in scopes) + ["your e-mail"] * (EMAIL in scopes)
        return ", ".join(parts[:-1]) + " and " + parts[-1]

    def check(self, signed: Signed | None) -> str | None:
        """Which prompt the person must see: `login`, `select_account`, `consent` or None.

        `signed` is who is signed in recently enough. OAuth2Error is for the app to hear.
        """
        prompt: str | None = self._grant(signed).prompt
        return prompt

    def grant_to(self, signed: Signed) -> Response:
        """The way back to the app, with a code."""
        response: Response = self._provider.create_authorization_response(
            self._request, grant_user=Granter(signed), grant=self._grant(signed)
        )
        return response

    def refuse(self, error: OAuth2Error) -> Response:
        """The way back to the app, with the reason why there is no code."""
        error.redirect_uri = self.redirect_uri
        error.state = self._parameters.get("state")
        response: Response = self._provider.handle_error_response(self._request, error)
        return response

    def _grant(self, signed: Signed | None) -> Any:
        if "request" in self._parameters:
            raise RequestNotSupportedError
        if "request_uri" in self._parameters:
            raise RequestURINotSupportedError
        if self.parameter("response_type") != "code":
            raise OAuth2Error("Send response_type=code", error="unsupported_response_type")
        if self._parameters.get("response_mode", "query") != "query":
            raise InvalidRequestError("The only response_mode is query")
        return self._provider.get_consent_grant(self._request, end_user=signed and Granter(signed))

    def _find_app(self, redirect_uris: list[str]) -> App:
        app = self._provider.query_client(self.parameter("client_id"))
        if app is None:
            raise UnanswerableError(
                "The app that sent you here is not connected to TimeBack.", "unknown client_id"
            )
        if len(redirect_uris) != 1 or not app.check_redirect_uri(redirect_uris[0]):
            raise UnanswerableError(
                f"{app.client.name} wants you back at an address that it never registered with"
                " TimeBack, so nothing was sent there.",
                "redirect_uri must be one of the registered ones, character by character",
            )
        return app

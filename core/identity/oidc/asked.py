"""What an app asks at the authorization endpoint, checked (OIDC Core section 3.1.2.2)."""

from typing import Any
from urllib.parse import parse_qs

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from starlette.responses import Response

from core.identity.oidc import hints, parameters
from core.identity.oidc.adapters import App, Granter, ProtocolRequest
from core.identity.oidc.claims import subject_of
from core.identity.oidc.provider import Provider
from core.identity.oidc.sessions import Signed
from core.identity.people import Person
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
        sent = parse_qs(query)  # without a value as good as left out (RFC 6749 section 3.1)
        self.query = query
        self.prompts = " ".join(sent.get("prompt", [])).split()
        self._sent = sent
        self._provider = provider
        told = {"scope": ["openid"], **sent, "prompt": [" ".join(self.prompts)]}
        self._request = ProtocolRequest("GET", PATH, told)
        self._parameters: dict[str, str] = self._request.form
        self._hint = hints.read(provider.context, self.parameter("id_token_hint"))
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
        return "none" in self.prompts

    @property
    def wants_password(self) -> bool:
        """Whether it matters who signs in and when, so that nobody may go on from before."""
        return "login" in self.prompts or bool(self._sent.keys() & {"max_age", "id_token_hint"})

    @property
    def learns(self) -> str:
        """What the app will see, in words; nothing needs saying for our own."""
        if self.app.client.partner_client_id is None:
            return ""
        scopes = self.parameter("scope").split()
        parts = ["your school ID", "your role", "your school"]
        parts += ["your name"] * (PROFILE in scopes) + ["your e-mail"] * (EMAIL in scopes)
        return ", ".join(parts[:-1]) + " and " + parts[-1]

    def is_for(self, person: Person) -> bool:
        """Whether this is the person of `id_token_hint`: no other's token may go to the app."""
        return self._hint is None or self._hint["sub"] == subject_of(person)

    def may_mean(self, person: Person) -> bool:
        """Whether `login_hint`, if there is one, is the person's e-mail or `sub`."""
        hint = self.parameter("login_hint").strip()
        return not hint or hint == subject_of(person) or hint.lower() == person.email.lower()

    def check(self, signed: Signed | None) -> str | None:
        """Which prompt the person must see: `login`, `select_account`, `consent` or None.

        `signed` is who is signed in at the browser. OAuth2Error is for the app to hear.
        """
        prompt: str | None = self._grant(signed if signed and self._suits(signed) else None).prompt
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
        parameters.check(self._sent, self._provider.context.settings.origin)
        if self._hint is None and self.parameter("id_token_hint"):
            raise InvalidRequestError("id_token_hint is no ID token of this issuer")
        return self._provider.get_consent_grant(self._request, end_user=signed and Granter(signed))

    def _suits(self, signed: Signed) -> bool:
        """Whether who is signed in is the person meant, since not more than `max_age` seconds.

        A `login_hint` at someone else is an error only where nobody can be asked.
        """
        longest = parameters.read_seconds(self.parameter("max_age"))
        is_recent = longest is None or signed.session.age_seconds < longest
        is_meant = self.is_for(signed.person) and (
            not self.is_silent or self.may_mean(signed.person)
        )
        return is_recent and is_meant

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

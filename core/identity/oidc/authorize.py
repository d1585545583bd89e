"""The authorization endpoint's flow: find out who is there, and send them back to the app."""

from typing import Any

import psycopg
from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oidc.core.errors import InteractionRequiredError, LoginRequiredError
from starlette.requests import Request
from starlette.responses import Response

from core.context import Context
from core.identity import pages
from core.identity.oidc import admission, external, password, sessions, store
from core.identity.oidc.asked import PATH, Asked
from core.identity.oidc.forms import Browser
from core.identity.oidc.provider import Provider
from core.identity.oidc.sessions import Signed
from core.identity.people import Person


class Authorizing:
    """One request of a browser that an app sent here; UnanswerableError if it cannot be served."""

    def __init__(
        self,
        context: Context,
        connection: psycopg.Connection[Any],
        request: Request,
        query: str | None = None,
    ) -> None:
        self._context = context
        self._connection = connection
        self._asked = Asked(
            Provider(context, connection), request.url.query if query is None else query
        )
        self._address = request.client.host if request.client else "unknown"
        self._browser = Browser(context, request)
        cookie = sessions.read_cookie(request, context.settings, sessions.SESSION)
        self._signed = sessions.find(connection, cookie)

    def open(self) -> Response:
        """What the browser gets first: a page, or at once the way back to the app."""
        try:
            prompt = self._asked.check(self._signed)
        except OAuth2Error as error:
            return self._asked.refuse(error)
        if self._signed is None or prompt == "login":
            return self._ask_who()
        if self._must_choose(self._signed, prompt):
            if self._asked.is_silent:
                return self._asked.refuse(InteractionRequiredError())
            return self._ask_account(self._signed.person)
        return self._send_back(self._signed)

    def take(self, form: dict[str, list[str]]) -> Response:
        """What one of our forms asks for: sign in, go on, or use another account."""
        if not self._browser.sent(form):
            return self._ask_who(problem="This page was open for too long.")
        try:
            prompt = self._asked.check(self._signed)
        except OAuth2Error as error:
            return self._asked.refuse(error)
        action = form.get("do", ["sign_in"])[0]
        if action == "continue" and self._signed is not None and prompt != "login":
            return self._send_back(self._signed)
        if action != "sign_in" or self._context.settings.oidc_issuer:
            return self._ask_who(another=True)
        return self._try_password(form.get("email", [""])[0], form.get("password", [""])[0])

    def admit(self, person: Person) -> Response:
        """Sign a person in, who has shown who they are, and send them back."""
        signed, cookie = sessions.begin(self._connection, person, self._signed)
        response = self._send_back(signed)
        sessions.set_cookie(response, self._context.settings, sessions.SESSION, cookie)
        return response

    def admit_external(self, person: Person | None) -> Response:
        """The same for whomever the external provider named; a page if nobody here is them."""
        if person is None:
            return self._refuse_person(
                "Your account is not known to TimeBack yet. Ask your school."
            )
        password.record_sign_in(
            self._connection, person, self._asked.app.client.client_id, "external"
        )
        return self.admit(person)

    def _must_choose(self, signed: Signed, prompt: str | None) -> bool:
        """Whether the person says that it is them: if asked for, and once for each partner's app.

        Computers at schools are shared, and the one before may not have signed out: so also where
        the app hints at someone else.
        """
        client = self._asked.app.client
        is_asked = prompt in {"select_account", "consent"}
        return (
            is_asked
            or not self._asked.may_mean(signed.person)
            or (
                client.partner_client_id is not None
                and not store.has_used(self._connection, signed.session.sid, client.client_id)
            )
        )

    def _send_back(self, signed: Signed) -> Response:
        if not self._asked.is_for(signed.person):
            return self._asked.refuse(LoginRequiredError())
        reason = admission.why_refused(self._connection, self._asked.app.client, signed.person)
        if reason is not None:
            return self._refuse_person(reason)
        try:
            return self._asked.grant_to(signed)
        except OAuth2Error as error:
            return self._asked.refuse(error)

    def _ask_who(self, *, another: bool = False, problem: str = "") -> Response:
        """The sign-in form, or the way to the identity provider that takes its place."""
        if not self._context.settings.oidc_issuer:
            email = self._asked.parameter("login_hint")
            return self._show_form(403 if problem else 200, email=email, problem=problem)
        is_anew = another or self._signed is not None or self._asked.wants_password
        may_be_asked = {"select_account", "consent"} & set(self._asked.prompts)
        response = external.send_on(
            self._context,
            self._connection,
            self._browser.hash,
            self._asked.query,
            prompt="login" if is_anew else "select_account" if may_be_asked else None,
            login_hint=self._asked.parameter("login_hint"),
        )
        return self._browser.remember(response)

    def _try_password(self, email: str, typed: str) -> Response:
        result = password.attempt(
            self._connection,
            email,
            typed,
            address=self._address,
            client_id=self._asked.app.client.client_id,
        )
        if result.person is not None:
            return self.admit(result.person)
        if result.wait_seconds:
            return self._show_form(
                429,
                email=email,
                headers={"Retry-After": str(result.wait_seconds)},
                problem="Too many wrong passwords.",
                advice=f"Try again in {in_words(result.wait_seconds)}.",
            )
        return self._show_form(
            403,
            email=email,
            is_wrong=True,
            problem="E-mail and password do not match.",
            advice="Check both and try again.",
        )

    def _show_form(self, status: int = 200, **values: Any) -> Response:
        page = self._page("sign_in", status, learns=self._asked.learns, **values)
        return self._browser.remember(page)

    def _refuse_person(self, reason: str) -> Response:
        """Say why someone cannot go on, and let them use another account."""
        page = self._page("refused", 403, title="You cannot use this app", reason=reason)
        return self._browser.remember(page)

    def _ask_account(self, person: Person) -> Response:
        page = self._page(
            "account",
            name=person.name,
            email=person.email,
            initials=pages.initials(person.name),
            learns=self._asked.learns,
        )
        return self._browser.remember(page)

    def _page(self, name: str, status: int = 200, /, **values: Any) -> Response:
        return pages.page(
            name,
            status=status,
            redirect_uri=self._asked.redirect_uri,
            app=self._asked.app.client.name,
            action=f"{PATH}?{self._asked.query}",
            csrf=self._browser.token(),
            **values,
        )


def in_words(seconds: int) -> str:
    """`1 second`, `30 seconds`, `2 minutes`."""
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"

"""RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0) and signing out by hand."""

from typing import Any
from urllib.parse import parse_qs

import psycopg
from authlib.common.urls import add_params_to_uri
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core import audit
from core.context import Context
from core.identity import pages
from core.identity.login_clients import LoginClient, find_login_client
from core.identity.oidc import hints, sessions
from core.identity.oidc.claims import subject_of
from core.identity.oidc.forms import Browser

PATH = "/auth/1.0/logout"


class SigningOut:
    """One request of a browser to be signed out."""

    def __init__(
        self,
        context: Context,
        connection: psycopg.Connection[Any],
        request: Request,
        form: dict[str, list[str]],
    ) -> None:
        self._context = context
        self._connection = connection
        self._form = form
        sent = parse_qs(request.url.query) | form
        self._sent = {name: values[0].replace("\0", "") for name, values in sent.items()}
        self._query = request.url.query
        self._browser = Browser(context, request)
        cookie = sessions.read_cookie(request, context.settings, sessions.SESSION)
        self._signed = sessions.find(connection, cookie)
        self._hint = self._read_hint()

    def answer(self) -> Response:
        """Sign out at once if an app vouches by an ID token of ours, else ask the person.

        Without the ID token anyone could make a browser sign out, and lead it anywhere.
        """
        if self._hint is None and self._signed is not None and not self._browser.sent(self._form):
            return self._ask(self._signed)
        self._end()
        target = self._target()
        response: Response = (
            RedirectResponse(target, 303, {"Cache-Control": "no-store"})
            if target
            else pages.page("signed_out")
        )
        if self._signed is None:
            sessions.delete_cookie(response, self._context.settings, sessions.SESSION)
        return response

    def _end(self) -> None:
        """End the session of the ID token, and of this browser unless it is someone else's."""
        ending = set()
        if self._hint is not None:
            ending.add(str(self._hint.get("sid", "")))
        if self._signed is not None:
            is_same = self._hint is None or self._hint["sub"] == self._subject()
            if is_same:
                ending.add(str(self._signed.session.sid))
                self._signed = None
        for sid in ending:
            person_id = sessions.end(self._connection, sid)
            if person_id is not None:
                audit.record(
                    self._connection, actor_kind="person", actor_id=person_id, action="sign_out"
                )

    def _subject(self) -> str:
        assert self._signed is not None  # noqa: S101  the caller checked
        return subject_of(self._signed.person)

    def _target(self) -> str | None:
        """Where the app wants the browser back, if it registered that address."""
        client, wanted = self._client(), self._sent.get("post_logout_redirect_uri", "")
        if client is None or wanted not in client.post_logout_redirect_uris:
            return None
        state = self._sent.get("state")
        return str(add_params_to_uri(wanted, {"state": state})) if state else wanted

    def _client(self) -> LoginClient | None:
        if self._hint is None:
            return None
        return find_login_client(self._connection, str(self._hint["aud"]))

    def _read_hint(self) -> dict[str, Any] | None:
        """The ID token sent along, unless it was made for another app than `client_id` names."""
        hint = hints.read(self._context, self._sent.get("id_token_hint", ""))
        is_of_app = hint is not None and self._sent.get("client_id", hint["aud"]) == hint["aud"]
        return hint if is_of_app else None

    def _ask(self, signed: sessions.Signed) -> Response:
        person = signed.person
        page = pages.page(
            "sign_out",
            name=person.name,
            email=person.email,
            initials=pages.initials(person.name),
            action=f"{PATH}?{self._query}",
            csrf=self._browser.token(),
        )
        return self._browser.remember(page)

"""Who is signed in. Pages use `current` alone, so that another way to sign in can replace this.

A browser keeps an opaque handle in a cookie; the token itself stays in this process. So a reload
or a shared link finds the person again, and a restart of the dashboards asks once more.
"""

import secrets
import time
from dataclasses import dataclass

import streamlit as st

from dashboards.client import Answer, ReadApi, ReadError, SignedOutError

COOKIE = "timeback_dashboards"
KEY = "signed_in"


@dataclass(frozen=True)
class SignedIn:
    """A person with a token that is good until `expires_at` (epoch seconds)."""

    name: str
    roles: frozenset[str]
    token: str
    expires_at: float
    handle: str

    @property
    def api(self) -> ReadApi:
        """The read API as this person."""
        return connection().signed_in(self.token)


@st.cache_resource(show_spinner=False)
def connection() -> ReadApi:
    """The connections of this process to the read API."""
    return ReadApi.connect()


@st.cache_resource(show_spinner=False)
def _handles() -> dict[str, SignedIn]:
    return {}


def admit(answer: Answer) -> SignedIn:
    """Remember the person whom a token answer names, in this session and under a new handle."""
    person = SignedIn(
        name=answer["person"]["name"],
        roles=frozenset(answer["person"]["roles"]),
        token=answer["access_token"],
        expires_at=time.time() + answer["expires_in"],
        handle=secrets.token_urlsafe(32),
    )
    held = _handles()
    for handle, other in list(held.items()):
        if other.expires_at <= time.time():
            held.pop(handle, None)
    held[person.handle] = person
    st.session_state[KEY] = person
    return person


def current() -> SignedIn | None:
    """The person of this browser, or None if nobody is signed in (any more)."""
    person: SignedIn | None = st.session_state.get(KEY)
    if person is None:
        person = _handles().get(st.context.cookies.get(COOKIE, ""))
    if person is None or person.expires_at <= time.time():
        return None
    st.session_state[KEY] = person
    return person


def require() -> SignedIn:
    """The person of this browser; on a page that is opened without one, the page ends here."""
    person = current()
    if person is None:
        st.info("Sign in to see this page.", icon=":material/login:")
        st.stop()
    return person


def sign_out() -> None:
    """Forget the person; their handle is worth nothing from now on."""
    person: SignedIn | None = st.session_state.pop(KEY, None)
    if person is not None:
        _handles().pop(person.handle, None)


def keep_cookie(person: SignedIn) -> None:
    """Let the browser hold the handle for as long as the token is good."""
    if st.context.cookies.get(COOKIE) != person.handle:
        _set_cookie(person.handle, int(person.expires_at - time.time()))


def _set_cookie(handle: str, seconds: int) -> None:
    st.html(
        f"<script>document.cookie = '{COOKIE}={handle}; path=/; max-age={seconds};"
        " samesite=strict' + (location.protocol === 'https:' ? '; secure' : '');</script>",
        unsafe_allow_javascript=True,
    )


def sign_in_form() -> None:
    """The sign-in page: e-mail and password."""
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.form("sign_in", border=True):
        st.title("TimeBack")
        st.write("See what students did today, in every app.")
        email = st.text_input("E-mail", autocomplete="username")
        password = st.text_input("Password", type="password", autocomplete="current-password")
        if not st.form_submit_button("Sign in", type="primary", width="stretch"):
            return
        try:
            admit(connection().sign_in(email.strip(), password))
        except SignedOutError:
            st.error("E-mail and password do not match.", icon=":material/error:")
        except ReadError as error:
            st.error(str(error), icon=":material/cloud_off:")
        else:
            st.rerun()

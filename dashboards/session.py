"""Who is signed in. Pages use `current` alone.

People sign in at TimeBack's hosted page, through Streamlit's own `st.login`; the browser keeps
their tokens in signed cookies that scripts cannot read. A token that ran out is renewed without a
question for as long as they are signed in to TimeBack itself.
"""

import time
from dataclasses import dataclass

import streamlit as st
from streamlit.errors import StreamlitAuthError
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from dashboards.answers import Answers
from dashboards.client import ReadApi, ReadError

KEY = "signed_in"
ANSWERS = "answers"
REFUSED = "refused_token"
PAGE = "page"
MOST_PLACES = 10_000
FRESH_SECONDS = 30.0  # a younger token that is refused would be refused again
Place = tuple[str, dict[str, str]]  # the last part of a page's address, and its filters


@dataclass(frozen=True)
class SignedIn:
    """A person with a token that is good from `issued_at` until `expires_at` (epoch seconds)."""

    name: str
    roles: frozenset[str]
    token: str
    issued_at: float
    expires_at: float

    @property
    def api(self) -> ReadApi:
        """The read API as this person, with what this browser's session has read already."""
        return connection().signed_in(self.token, _answers())


@st.cache_resource(show_spinner=False)
def connection() -> ReadApi:
    """The connections of this process to the read API."""
    return ReadApi.connect()


@st.cache_resource(show_spinner=False)
def _places() -> dict[bytes, Place]:
    """Where each browser was when it left to sign in."""
    return {}


def _browser() -> bytes | None:
    """What tells this browser from others before anyone is signed in: Streamlit's own cookie."""
    token, _ = decode_xsrf_token_string(st.context.cookies.get(XSRF_COOKIE_NAME, ""))
    return token


def _remember_place() -> None:
    """Come back to this page, with its filters, after signing in."""
    places, browser = _places(), _browser()
    if browser is None:
        return
    places.pop(browser, None)
    while len(places) >= MOST_PLACES:
        places.pop(next(iter(places)), None)
    places[browser] = (st.session_state.get(PAGE, ""), st.query_params.to_dict())


def _answers() -> Answers | None:
    """What this browser's session knows; None outside of a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    answers: Answers = st.session_state.setdefault(ANSWERS, Answers())
    return answers


def current() -> SignedIn | None:
    """The person of this browser, or None if nobody is signed in."""
    person: SignedIn | None = st.session_state.get(KEY) or _of_browser()
    st.session_state[KEY] = person
    return person


def _of_browser() -> SignedIn | None:
    user = dict(st.user.to_dict())
    token = st.user.tokens.get("access")
    if not user.get("is_logged_in") or not token or token == st.session_state.get(REFUSED):
        return None
    roles = user.get("dashboard_roles")
    return SignedIn(
        name=str(user.get("name") or user["sub"]),
        roles=frozenset(roles if isinstance(roles, list) else []),
        token=token,
        issued_at=float(str(user["iat"])),
        expires_at=float(str(user["exp"])),
    )


def require() -> SignedIn:
    """The person of this browser; on a page that is opened without one, the page ends here."""
    person = current()
    if person is None:
        st.info("Sign in to see this page.", icon=":material/login:")
        st.stop()
    return person


def keep_going(person: SignedIn, page: str) -> Place | None:
    """Renew a token that ran out on `page`; returns where the person was if that was just done."""
    st.session_state[PAGE] = page
    if person.expires_at <= time.time():
        renew(person)
    browser = _browser()
    return _places().pop(browser, None) if browser else None


def renew(person: SignedIn) -> None:
    """The token is no longer good: get another one, or ask to sign in if that would not help."""
    st.session_state[KEY] = None
    st.session_state[REFUSED] = person.token
    now = time.time()
    is_worth_it = person.expires_at <= now or now - person.issued_at > FRESH_SECONDS
    if st.user.get("is_logged_in") and is_worth_it:
        sign_in()
        st.stop()
    st.rerun()


def sign_in() -> None:
    """Send the browser to TimeBack's sign-in page, if that can be reached."""
    try:
        with st.spinner("Going to the sign-in page …"):
            connection().reach_sign_in()
        _remember_place()
        st.login()
    except ReadError as error:
        st.error(str(error), icon=":material/cloud_off:")
    except StreamlitAuthError:
        st.error("Start the dashboards with `timeback run dashboards`.", icon=":material/error:")


def sign_out() -> None:
    """Sign out here and at TimeBack."""
    st.session_state[KEY] = None
    st.logout()


def welcome(page: str) -> None:
    """What someone sees who asks for a page and is not signed in."""
    st.session_state[PAGE] = page
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.container(border=True):
        st.title("TimeBack")
        st.write("See what students did today, in every app.")
        if st.button(
            "Sign in with TimeBack", icon=":material/login:", type="primary", width="stretch"
        ):
            sign_in()

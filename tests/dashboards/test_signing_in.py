"""Signing in by e-mail and password, and what pages do without the API."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.client import ReadApi
from dashboards.session import KEY, SignedIn
from tests.dashboards import roster
from tests.dashboards.conftest import APP


def fill(app: AppTest, email: str, password: str) -> AppTest:
    """Type into the form and send it."""
    app.text_input[0].input(email)
    app.text_input[1].input(password)
    return app.button[0].click().run()


def opened() -> AppTest:
    """The dashboards as someone finds them who is not signed in."""
    return AppTest.from_file(str(APP), default_timeout=30).run()


def test_the_right_password_opens_the_first_page_of_the_role(api: ReadApi) -> None:
    assert api is not None
    app = fill(opened(), "gwen@school.test", roster.PASSWORD)
    assert app.run().title[0].value == "Today"


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(api: ReadApi) -> None:
    assert api is not None
    for email in ("gwen@school.test", "nobody@school.test"):
        app = fill(opened(), email, "not the password")
        assert [error.value for error in app.error] == ["E-mail and password do not match."]


def test_without_the_api_the_form_says_so(api: ReadApi, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api is not None
    monkeypatch.setenv("TIMEBACK_API_URL", "http://127.0.0.1:9")
    app = fill(opened(), "gwen@school.test", roster.PASSWORD)
    assert [error.value for error in app.error] == ["The read API cannot be reached."]


def test_a_page_whose_api_has_gone_says_so_and_offers_to_try_again(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("guide/today.py", "gwen")
    monkeypatch.setenv("TIMEBACK_API_URL", "http://127.0.0.1:9")
    st.cache_resource.clear()
    app.run()
    assert "No figures right now. The read API cannot be reached." in app.error[0].value
    assert "Try again" in [button.label for button in app.button]


def test_a_token_that_is_no_longer_good_leads_back_to_the_form(
    open_page: Callable[..., AppTest], sign_in: Callable[[str], SignedIn]
) -> None:
    app = open_page("guide/today.py", "gwen")
    app.session_state[KEY] = replace(sign_in("gwen"), token="no longer good")
    app.run()
    assert [button.label for button in app.button] == ["Sign in"]


def test_signing_out_forgets_the_person(open_page: Callable[..., AppTest]) -> None:
    app = open_page("guide/today.py", "gwen")
    next(button for button in app.button if button.label == "Sign out").click().run()
    assert [button.label for button in app.button] == ["Sign in"]

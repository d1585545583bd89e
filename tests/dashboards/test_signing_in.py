"""Who is signed in to the dashboards, and what pages do when a token or the API has gone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.client import ReadApi
from dashboards.session import ANSWERS, KEY, SignedIn
from tests.dashboards.conftest import APP

WELCOME = ["Sign in with TimeBack"]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_someone_new_finds_the_way_to_sign_in(api: ReadApi) -> None:
    assert api is not None
    assert labels(AppTest.from_file(str(APP), default_timeout=30).run()) == WELCOME


def test_without_the_api_the_way_to_sign_in_says_so(
    api: ReadApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api is not None
    monkeypatch.setenv("TIMEBACK_API_URL", "http://127.0.0.1:9")
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.button[0].click().run()
    assert [error.value for error in app.error] == ["The read API cannot be reached."]


def test_a_page_whose_api_has_gone_says_so_and_offers_to_try_again(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("guide/today.py", "gwen")
    monkeypatch.setenv("TIMEBACK_API_URL", "http://127.0.0.1:9")
    st.cache_resource.clear()
    app.run()
    assert not app.error
    assert any("Not live" in words.value for words in app.markdown)
    app.session_state[ANSWERS].kept.clear()
    app.run()
    assert "No figures right now. The read API cannot be reached." in app.error[0].value
    assert "Try again" in labels(app)


@pytest.mark.parametrize(
    "changes", [{"token": "no longer good"}, {"expires_at": 0.0}], ids=["refused", "expired"]
)
def test_a_token_that_is_no_longer_good_leads_back_to_signing_in(
    open_page: Callable[..., AppTest],
    sign_in: Callable[[str], SignedIn],
    changes: dict[str, object],
) -> None:
    app = open_page("guide/today.py", "gwen")
    app.session_state[KEY] = replace(sign_in("gwen"), **changes)  # type: ignore[arg-type]
    app.run()
    assert labels(app) == WELCOME


def test_signing_out_forgets_the_person(open_page: Callable[..., AppTest]) -> None:
    app = open_page("guide/today.py", "gwen")
    next(button for button in app.button if button.label == "Sign out").click().run()
    assert labels(app.run()) == WELCOME

"""The page of analysts: the way to the dbt docs, for those whose role opens them."""

from collections.abc import Callable

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from core.builds.documentation import folder
from dashboards.client import NotAllowedError
from dashboards.session import SignedIn
from tests.dashboards.conftest import Running

Open = Callable[..., AppTest]
SignIn = Callable[[str], SignedIn]


def test_the_docs_are_a_link_away_once_they_are_written(open_page: Open, running: Running) -> None:
    early = open_page("analyst/warehouse.py", "root")
    assert [error.value for error in early.error] == [
        "No figures right now. The dbt docs are written after the first build; try again soon."
    ]
    folder(running.settings).mkdir()
    (folder(running.settings) / "project.html").write_text("every model")
    (link,) = open_page("analyst/warehouse.py", "root").get("link_button")
    url = httpx.URL(link.proto.url)
    assert httpx.get(f"{running.url}{url.raw_path.decode()}").text == "every model"


def test_a_parent_gets_no_link(sign_in: SignIn) -> None:
    with pytest.raises(NotAllowedError):
        sign_in("pat").api.documentation_link()

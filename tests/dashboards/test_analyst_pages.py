"""The page of analysts: SQL over the marts, what each table holds, and the way to the dbt docs."""

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
PAGE = "analyst/warehouse.py"


def ask(app: AppTest, sql: str) -> AppTest:
    """The page after a query was run."""
    app.text_area[0].set_value(sql)
    app.button[0].click()
    return app.run()


def test_a_query_s_rows_are_shown_and_what_is_wrong_with_one_is_said(
    open_page: Open, running: Running
) -> None:
    folder(running.settings).mkdir(exist_ok=True)
    (folder(running.settings) / "project.html").write_text("every model")
    app = open_page(PAGE, "ana")
    assert not app.checkbox  # names are not granted
    assert "dim_students" in app.selectbox[0].options
    shown = ask(app, "select count(*) as students, max(grade) as grade from dim_students")
    assert not shown.exception
    rows = shown.dataframe[0].value.to_dict("records")
    (expected,) = running.rows("select count(*) as students, max(grade) as grade from dim_students")
    assert rows == [expected]
    assert any(caption.value.startswith("1 row in ") for caption in shown.caption)
    faulty = ask(shown, "select nowhere from dim_students")
    assert [error.value for error in faulty.error] == ["This query was not answered."]
    assert any("nowhere" in code.value for code in faulty.code)
    assert len(faulty.dataframe) == 1  # the columns of the chosen table; the old rows are gone
    nobody = ask(faulty, "select 1 as one where false")
    assert [info.value for info in nobody.info] == ["The query has no rows."]


def test_the_docs_are_a_link_away_once_they_are_written(open_page: Open, running: Running) -> None:
    page = folder(running.settings) / "project.html"
    page.unlink(missing_ok=True)
    early = open_page(PAGE, "root")
    assert [error.value for error in early.error] == [
        "No figures right now. The dbt docs are written after the first build; try again soon."
    ]
    folder(running.settings).mkdir(exist_ok=True)
    page.write_text("every model")
    (link,) = open_page(PAGE, "root").get("link_button")
    url = httpx.URL(link.proto.url)
    assert httpx.get(f"{running.url}{url.raw_path.decode()}").text == "every model"


def test_a_parent_gets_no_link_and_no_sql(sign_in: SignIn) -> None:
    with pytest.raises(NotAllowedError):
        sign_in("pat").api.documentation_link()
    with pytest.raises(NotAllowedError):
        sign_in("pat").api.sql("select 1")

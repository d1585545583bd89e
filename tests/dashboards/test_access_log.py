"""The access log shows who read whom, to each school's admin its own, as the address chooses."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.client import NotAllowedError
from dashboards.session import SignedIn
from tests.dashboards.conftest import Running
from tests.dashboards.test_guide_pages import shown

Open = Callable[..., AppTest]
SignIn = Callable[[str], SignedIn]
PAGE = "admin/access_log.py"


@pytest.fixture(autouse=True)
def _readers(running: Running, sign_in: SignIn) -> None:
    """The guide has read Ada, and the platform's admin Eli, who goes to the other school."""
    with running.context.database.connection() as connection:
        connection.execute("truncate identity.audit_log")
    sign_in("gwen").api.report("students/ada")
    sign_in("root").api.report("students/eli")


def log(app: AppTest) -> Any:
    return next(table.value for table in app.dataframe if "occurred" in table.value.columns)


def test_an_admin_sees_by_name_who_read_the_schools_students(open_page: Open) -> None:
    app = open_page(PAGE, "amy")
    table = log(app)
    assert set(table["student"]) == {"Ada Alvarez"}
    assert "reports.student" in set(table["action"])
    assert list(table["actor"].unique()) == ["Gwen Guide"]
    words = shown(app)
    assert f"1 person or backend made {len(table)} entr" in words
    assert "about 1 student in the last 14 days" in words


def test_a_platform_admin_sees_every_entry(open_page: Open) -> None:
    assert {"Ada Alvarez", "Eli Ellis"} <= set(log(open_page(PAGE, "root"))["student"])


def test_the_filters_of_the_address_choose_the_rows(open_page: Open) -> None:
    app = open_page(PAGE, "root", student="eli", action="reports.student")
    assert list(log(app)["student_id"]) == ["eli"]
    assert "1 entry about 1 student" in shown(app)


def test_the_days_add_up_to_the_entries(open_page: Open) -> None:
    app = open_page(PAGE, "amy")
    days = next(t.value for t in app.dataframe if "entry_count" in t.value.columns)
    assert days["entry_count"].sum() == len(log(app))


@pytest.mark.parametrize("who", ["gwen", "pat", "ada", "mia"])
def test_nobody_else_reads_the_log(sign_in: SignIn, who: str) -> None:
    with pytest.raises(NotAllowedError):
        sign_in(who).api.read("/audit/1.0/entries")


def test_a_guide_does_not_find_the_page(open_page: Open) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page(PAGE, "gwen")

"""Before the first build every page says in words that it is being made, and then shows figures."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb
from streamlit.testing.v1 import AppTest

from dashboards.navigation import PAGES_OF_ROLE
from tests.conftest import make_settings
from tests.dashboards import roster, school
from tests.dashboards.conftest import Running, served

Open = Callable[..., AppTest]
WHO = {
    "guide": "gwen",
    "parent": "pat",
    "student": "ada",
    "admin": "amy",
    "analyst": "ana",
    "partner": "mia",
    "platform_admin": "root",
}
PAGES = [(role, page) for role, (_, pages) in PAGES_OF_ROLE.items() for page, *_ in pages]
BEING_MADE = "No figures yet. The first build is being made. Come back in a moment."


@pytest.fixture
def running(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The schools' people on an install without a build, served."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("unbuilt") / "data")
    with psycopg.connect(str(settings.database_url)) as connection:
        roster.enroll_everyone(connection)
    with served(settings) as made:
        yield made


def test_every_page_says_that_the_first_build_is_being_made(open_page: Open) -> None:
    for role, page in PAGES:
        app = open_page(page, WHO[role])
        assert not app.exception, page
        assert not app.error, page
        assert [info.value for info in app.info] == [BEING_MADE], page


def test_a_page_says_how_far_the_build_is_and_shows_figures_once_it_is_there(
    open_page: Open, running: Running
) -> None:
    with psycopg.connect(str(running.settings.database_url)) as connection:
        connection.execute(
            "insert into publishing.builds"
            " (build_id, status, full_refresh, as_of, source_snapshot, details)"
            " values ('first', 'running', true, now(), 1, %s)",
            [Jsonb({"progress": {"done": 30, "total": 120, "label": "fct_xp_ledger"}})],
        )
    app = open_page("guide/today.py", "gwen")
    assert "The first build is being made (25 %)." in app.info[0].value
    school.publish_marts(running.settings)
    running.context.lake.refresh()
    app.run()
    assert not app.info
    assert not app.error
    assert any("Data as of" in words.value for words in app.markdown)

"""The dbt docs: whose link opens them, for how long, and what the page may load."""

import re

import pytest

from api.documentation.router import PAGE
from core.builds.documentation import folder
from core.identity import tickets
from tests.api.conftest import School, Visit

LINKS = f"{PAGE}/links"


@pytest.fixture(scope="module", autouse=True)
def _page(small_school: School) -> None:
    folder(small_school.settings).mkdir()
    (folder(small_school.settings) / "project.html").write_text("<html>every model</html>")


def ticket_of(url: str) -> str:
    return url.partition("?ticket=")[2]


@pytest.mark.parametrize("who", ["admin", "root"])
def test_an_admin_opens_the_page_by_a_link_without_any_header(visit: Visit, who: str) -> None:
    link = visit(who).post(LINKS).json()
    assert link["expires_in"] == 900
    page = visit("nobody").get(f"{PAGE}?ticket={ticket_of(link['url'])}")
    assert page.status_code == 200
    assert page.text == "<html>every model</html>"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("who", ["reading", "alpha", "ana", "parent", "guide", "dev"])
def test_nobody_else_gets_a_link(visit: Visit, who: str) -> None:
    assert visit(who).post(LINKS).status_code == 403


def test_without_signing_in_there_is_no_link(visit: Visit) -> None:
    assert visit("nobody").post(LINKS).status_code == 401


def test_a_ticket_opens_nothing_after_its_time_or_for_another_page(
    visit: Visit, small_school: School
) -> None:
    keyring = small_school.context.keyring
    with small_school.context.database.connection() as connection:
        row = connection.execute(
            "select person_id from identity.people where is_platform_admin"
        ).fetchone()
    assert row is not None
    person = str(row[0])
    good = tickets.issue(keyring, person, PAGE, seconds=60)
    assert visit("nobody").get(f"{PAGE}?ticket={good}").status_code == 200
    late = tickets.issue(keyring, person, PAGE, seconds=-1)
    other = tickets.issue(keyring, person, "/other", seconds=60)
    forged = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    for ticket in (late, other, forged, "", "x", small_school.sign("root")):
        page = visit("nobody").get(f"{PAGE}?ticket={ticket}")
        assert page.status_code == 401
        assert "every model" not in page.text


def test_a_ticket_is_no_access_token(visit: Visit) -> None:
    ticket = ticket_of(visit("root").post(LINKS).json()["url"])
    answer = visit("nobody").get("/reports/1.0/me", headers={"Authorization": f"Bearer {ticket}"})
    assert answer.status_code == 401


def test_a_ticket_dies_with_the_login(visit: Visit, small_school: School) -> None:
    ticket = ticket_of(visit("admin").post(LINKS).json()["url"])
    with small_school.context.database.connection() as connection:
        connection.execute(
            "update identity.people set status = 'disabled' where email like 'admin@%'"
        )
    try:
        assert visit("nobody").get(f"{PAGE}?ticket={ticket}").status_code == 401
    finally:
        with small_school.context.database.connection() as connection:
            connection.execute(
                "update identity.people set status = 'active' where email like 'admin@%'"
            )


def test_a_link_does_not_leak_who_asked(visit: Visit) -> None:
    assert not re.search("root@|admin@", visit("root").post(LINKS).text)

"""Each read-back route and each page is an exposure that names exactly the marts it reads."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute

from api.app import routers
from dashboards.navigation import PAGES_OF_ROLE
from tests.docs import reach
from tests.docs.page import ROOT

FILE = ROOT / "dbt_project" / "models" / "marts" / "_exposures.yml"
EXPOSURES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text())["exposures"]
DASHBOARDS = [exposure for exposure in EXPOSURES if exposure["type"] == "dashboard"]
PAGES = ROOT / "dashboards" / "views"
REPORTS = "/reports/1.0/"
HOLE = re.compile(r"\{[^}]*\}")

ROUTES = {
    route.path: route.endpoint
    for router in routers
    for route in router.routes
    if isinstance(route, APIRoute)
    and ("GET" in (route.methods or ()) or route.path.startswith(REPORTS))
}
MARTS = {
    path: reach.marts_of(endpoint.__module__, endpoint.__name__)
    for path, endpoint in ROUTES.items()
}


def routes_of(exposure: dict[str, Any]) -> list[str]:
    """The routes that an exposure names."""
    return list(exposure["config"]["meta"]["routes"])


def asked_by(page: str) -> set[str]:
    """The routes that a page can ask."""
    module = f"dashboards.views.{page.removesuffix('.py').replace('/', '.')}"
    texts = reach.strings_from([(module, "")])
    by_form = {HOLE.sub("{}", path): path for path in ROUTES}
    return {by_form[form] for text in texts for form in (text, REPORTS + text) if form in by_form}


def test_every_route_that_reads_a_mart_is_exposed() -> None:
    exposed = {path for exposure in EXPOSURES for path in routes_of(exposure)}
    assert {path for path, marts in MARTS.items() if marts} - exposed == set()
    assert exposed - ROUTES.keys() == set()


def test_every_page_is_exposed_once() -> None:
    there = {
        str(path.relative_to(PAGES)) for path in PAGES.rglob("*.py") if path.name != "__init__.py"
    }
    named = [exposure["config"]["meta"]["page"] for exposure in DASHBOARDS]
    assert sorted(named) == sorted(there)


@pytest.mark.parametrize("exposure", EXPOSURES, ids=lambda exposure: exposure["name"])
def test_an_exposure_depends_on_what_its_routes_read(exposure: dict[str, Any]) -> None:
    read = set().union(*(MARTS[path] for path in routes_of(exposure)))
    assert set(exposure["depends_on"]) == {f"ref('{mart}')" for mart in read}


@pytest.mark.parametrize("exposure", DASHBOARDS, ids=lambda exposure: exposure["name"])
def test_a_page_names_the_routes_that_it_asks_and_its_address(exposure: dict[str, Any]) -> None:
    page = exposure["config"]["meta"]["page"]
    assert set(routes_of(exposure)) == asked_by(page)
    addresses = {
        url for _, pages in PAGES_OF_ROLE.values() for path, _, url, _ in pages if path == page
    }
    assert {exposure["url"].rpartition("/")[2]} == addresses


@pytest.mark.parametrize("exposure", EXPOSURES, ids=lambda exposure: exposure["name"])
def test_an_exposure_says_who_owns_it_and_where_it_is(exposure: dict[str, Any]) -> None:
    assert exposure["owner"]["name"]
    assert "@" in exposure["owner"]["email"]
    assert exposure["url"].startswith("http://localhost:")
    assert exposure["description"]


def test_what_a_route_reads_is_found_through_functions_constants_and_methods() -> None:
    assert "fct_xp_ledger" in MARTS["/xp/1.0/users/{user_id}/entries"]
    assert "dim_students" in MARTS["/reports/1.0/me"]  # through a method of the policy
    assert MARTS["/rostering/1.0/courses"] == set()  # the registry's
    known = {path.stem for path in Path(FILE.parent).rglob("*.sql")}
    assert set().union(*MARTS.values()) <= known

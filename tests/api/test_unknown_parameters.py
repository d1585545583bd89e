"""A query parameter that nobody reads is refused by its name, on every read."""

import re

import pytest
from fastapi.routing import APIRoute

from api.app import routers
from api.parameters import parameters_of
from tests.api.conftest import Visit

PAGE_OF_ANALYSTS = "/dbt-docs"  # a page for browsers, opened by a link
READS = {
    route.path: route
    for router in routers
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ())
}


@pytest.mark.parametrize("path", sorted(READS.keys() - {PAGE_OF_ANALYSTS}))
def test_an_unknown_parameter_is_named_with_those_that_are_known(visit: Visit, path: str) -> None:
    address = re.sub(r"\{[^}]+\}", "x", path)
    refused = visit("reading").get(address, params={"page": "2", "pagesize": "5"})
    assert refused.status_code == 400, refused.text
    assert refused.json()["type"] == "urn:timeback:error:unknown_parameter"
    faults = refused.json()["imsx_error_details"]
    assert [fault["path"] for fault in faults] == ["query.page", "query.pagesize"]
    known = sorted(parameters_of(READS[path]))
    told = f"parameters are {', '.join(known)}" if known else "there are none"
    assert faults[0]["message"] == f"page is not a parameter here; {told}."


def test_each_parameter_of_a_list_is_known(visit: Visit) -> None:
    path = "/xp/1.0/users/ana/entries"
    asked = {"limit": "1", "offset": "0", "startDate": "2026-01-01", "build": "build-1"}
    page = visit("reading").get(path, params=asked)
    assert page.status_code == 200, page.text
    assert visit("reading").get(page.links["last"]["url"]).status_code == 200
    assert "as_of" in parameters_of(READS["/xp/1.0/users/{user_id}/entries"])

"""JSON, CSV and Arrow from the same query; ETags over one's own answer; documented refusals."""

import codecs
import io

import polars as pl
import pytest

from api.formats import ARROW, CSV, JSON, preferred_form
from tests.api.conftest import Visit

LISTS = {
    "/xp/1.0/users/ana/entries": "entries",
    "/xp/1.0/users/ana/summary": "days",
    "/analytics/1.0/facts": "facts",
    "/gradebook/1.0/items": "items",
    "/insights/1.0/users/ana/sessions": "sessions",
    "/gradebook/1.0/assessment-results": "assessmentResults",
    "/gradebook/1.0/results": "results",
    "/gradebook/1.0/lineItems": "lineItems",
    "/mastery/1.0/users/ana/lessons": "lessons",
    "/mastery/1.0/lessons/r1/students": "students",
    "/events/1.0": "events",
}
TABLES = [
    *LISTS,
    "/analytics/1.0/activity?studentId=ana",
    "/analytics/1.0/facts/weekly?studentId=ana",
    "/insights/1.0/users/ana",
]


@pytest.mark.parametrize("path", TABLES)
def test_csv_and_arrow_hold_the_same_table(visit: Visit, path: str) -> None:
    csv = visit("reading").get(path, headers={"Accept": CSV})
    arrow = visit("reading").get(path, headers={"Accept": ARROW})
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert not csv.content.startswith(codecs.BOM_UTF8)
    assert arrow.headers["content-type"] == ARROW
    rows = pl.read_csv(io.BytesIO(csv.content))
    columns = pl.read_ipc_stream(io.BytesIO(arrow.content))
    assert rows.columns == columns.columns
    assert rows.height == columns.height > 0
    assert csv.headers["x-build-id"] == "build-1"
    assert not any("_" in name for name in rows.columns)


@pytest.mark.parametrize("path", LISTS)
def test_csv_has_a_row_for_each_item_of_the_json(visit: Visit, path: str) -> None:
    items = visit("reading").get(path).json()[LISTS[path]]
    csv = visit("reading").get(path, headers={"Accept": CSV})
    assert pl.read_csv(io.BytesIO(csv.content)).height == len(items)
    assert csv.headers["x-total-count"] == str(len(items))


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        ("text/csv", CSV),
        ("application/json;q=0.5, text/csv", CSV),
        ("application/json, text/csv;q=0.9", JSON),
        (f"{ARROW};q=1, text/csv;q=x", ARROW),
        ("text/csv;q=0", JSON),
    ],
)
def test_the_best_liked_form_is_sent(accept: str | None, form: str) -> None:
    assert preferred_form(accept) == form


@pytest.mark.parametrize("path", TABLES)
def test_an_answer_that_the_caller_has_is_not_sent_again(visit: Visit, path: str) -> None:
    first = visit("reading").get(path)
    for known in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = visit("reading").get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert visit("reading").get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_two_viewers_have_etags_of_their_own_answers(visit: Visit) -> None:
    path = "/xp/1.0/users/ana/entries"
    etags = {visit(who).get(path).headers["etag"] for who in ("reading", "maths", "guide")}
    assert len(etags) == 3
    private = visit("reading").get(path).headers
    assert private["cache-control"] == "private, no-cache"
    assert "Authorization" in private["vary"]


def test_every_read_route_documents_its_answer_and_refusals(visit: Visit) -> None:
    document = visit("nobody").get("/openapi.json").json()
    read = {"/xp/", "/analytics/", "/insights/", "/gradebook/", "/mastery/", "/events/"}
    paths = [path for path in document["paths"] if any(path.startswith(start) for start in read)]
    assert len(paths) >= 20
    for path in paths:
        if "get" not in document["paths"][path]:
            continue
        responses = document["paths"][path]["get"]["responses"]
        assert {"200", "400", "401", "403", "404", "503"} <= set(responses), path
        assert "$ref" in str(responses["200"]["content"]["application/json"]), path
        assert set(responses["404"]["content"]) == {"application/problem+json"}, path

"""Roster lists as CSV and Arrow: the same rows, one set of columns for every page."""

import codecs
import io

import polars as pl
import pytest

from api.formats import ARROW, CSV
from core.registry.types import COLLECTIONS, ENROLLMENT
from tests.core.registry.install import Caller, Install, enroll, publish


@pytest.fixture
def partner(install: Install) -> Caller:
    """A testing partner with a course, a class and two students in it."""
    caller = install.client("AlphaTok")
    publish(caller)
    enroll(caller, "reading", "ada", beginDate="2026-01-05")
    enroll(caller, "reading", "bob")
    return caller


def read_csv(caller: Caller, path: str) -> pl.DataFrame:
    answer = caller.get(path, Accept=CSV)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert not answer.content.startswith(codecs.BOM_UTF8)
    return pl.read_csv(io.BytesIO(answer.content), infer_schema=False)


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.path)
def test_each_list_has_a_row_for_each_record(partner: Caller, collection: object) -> None:
    path = f"/{collection.path}"  # type: ignore[attr-defined]
    json = partner.get(path)
    (records,) = [value for value in json.json().values() if isinstance(value, list)]
    rows = read_csv(partner, path)
    assert rows["sourcedId"].to_list() == [record["sourcedId"] for record in records]
    arrow = partner.get(path, Accept=ARROW)
    assert arrow.headers["content-type"] == ARROW
    assert pl.read_ipc_stream(io.BytesIO(arrow.content)).equals(rows)
    for name in ("x-total-count", "link"):
        assert arrow.headers[name] == json.headers[name]
    assert "Accept" in json.headers["vary"]


def test_references_are_ids_and_what_is_missing_is_empty(partner: Caller) -> None:
    rows = read_csv(partner, "/classes/reading-class/enrollments")
    assert len(rows.columns) == len(ENROLLMENT.field_names)
    shown = rows.select("sourcedId", "userSourcedId", "classSourcedId", "primary", "beginDate")
    assert shown.rows() == [
        ("ada-reading", "ada", "reading-class", "false", "2026-01-05"),
        ("bob-reading", "bob", "reading-class", "false", None),
    ]


def test_lists_stand_between_commas_and_the_nested_as_json(partner: Caller) -> None:
    course = {"title": "Drei, vier", "grades": [3, 4], "subjects": ["Math"]}
    partner.put("/courses/math", {**course, "metadata": {"weight": 2, "Wörter": "ä"}})
    partner.put("/classes/c", {"title": "C", "course": "math", "terms": ["t1", "t2"]})
    row = read_csv(partner, "/courses?filter=sourcedId='math'").row(0, named=True)
    assert (row["title"], row["grades"], row["subjects"]) == ("Drei, vier", "3,4", "Math")
    assert row["metadata"] == '{"weight":2,"Wörter":"ä"}'
    assert read_csv(partner, "/classes?filter=sourcedId='c'")["termSourcedIds"].item() == "t1,t2"


def test_selected_fields_are_the_columns_of_an_empty_page_too(partner: Caller) -> None:
    for query in ("", "&offset=50"):
        rows = read_csv(partner, f"/units?fields=title,course{query}")
        assert rows.columns == ["title", "courseSourcedId"]


def test_a_table_that_the_caller_has_is_not_sent_again(partner: Caller) -> None:
    tag = partner.get("/users", Accept=CSV).headers["etag"]
    again = partner.get("/users", Accept=CSV, If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert partner.get("/users", If_None_Match=tag).status_code == 200


def test_an_unknown_parameter_is_refused(partner: Caller) -> None:
    refused = partner.get("/users?page=2")
    assert refused.status_code == 400
    assert refused.json()["detail"] == (
        "page is not a parameter here; parameters are fields, filter, limit, offset, orderBy, sort."
    )

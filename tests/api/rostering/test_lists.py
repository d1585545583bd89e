"""Pages, sorts, selections and filters of roster lists."""

from urllib.parse import quote

import pytest

from tests.core.registry.install import Caller, Install, enroll, publish


@pytest.fixture
def partner(install: Install) -> Caller:
    """A partner with five courses; two share a title."""
    caller = install.client("AlphaTok", "production")
    for sourced_id, title, grades in (
        ("c1", "Beta", [3]),
        ("c2", "alpha", [4, 5]),
        ("c3", "Beta", []),
        ("c4", "O'Neill", [5]),
        ("c5", "Delta", [12]),
    ):
        body = {"title": title, "grades": grades, "metadata": {"weight": len(grades) * 10}}
        caller.put(f"/courses/{sourced_id}", body)
    return caller


def test_pages_add_up_to_the_list(partner: Caller) -> None:
    seen: list[str] = []
    for offset in range(0, 6, 2):
        response = partner.get(f"/courses?sort=title&limit=2&offset={offset}")
        body = response.json()
        assert (body["total"], body["limit"], body["offset"]) == (5, 2, offset)
        assert response.headers["X-Total-Count"] == "5"
        seen += [course["sourcedId"] for course in body["courses"]]
    assert sorted(seen) == ["c1", "c2", "c3", "c4", "c5"]
    assert seen.index("c1") + 1 == seen.index("c3")


def test_the_link_header_leads_through_the_pages(partner: Caller) -> None:
    first = partner.get("/courses?limit=2")
    assert 'rel="prev"' not in first.headers["Link"]
    following = first.links["next"]["url"]
    assert "offset=2" in following
    assert "limit=2" in following
    assert first.links["last"]["url"].endswith("offset=4")
    beyond = partner.get("/courses?offset=50")
    assert (beyond.json()["courses"], beyond.json()["total"]) == ([], 5)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=1001", "query.limit"),
        ("limit=0", "query.limit"),
        ("limit=x", "query.limit"),
        ("offset=-1", "query.offset"),
        ("orderBy=up", "query.orderBy"),
    ],
)
def test_a_bad_page_is_named(partner: Caller, query: str, place: str) -> None:
    response = partner.get(f"/courses?{query}")
    assert response.status_code == 400
    assert response.json()["imsx_error_details"][0]["path"] == place


def test_a_sort_has_a_direction_and_a_total_order(partner: Caller) -> None:
    rising = partner.ids("/courses?sort=title")
    falling = partner.ids("/courses?sort=title&orderBy=desc")
    assert rising.index("c1") < rising.index("c3")
    assert falling.index("c1") < falling.index("c3")
    assert partner.ids("/courses?sort=metadata.weight&orderBy=desc")[0] == "c2"


def test_only_the_selected_fields_are_answered(partner: Caller) -> None:
    course = partner.get("/courses?fields=title,sourcedId&limit=1").json()["courses"][0]
    assert course == {"sourcedId": "c1", "title": "Beta"}
    assert partner.get("/courses/c1?fields=title").json() == {"course": {"title": "Beta"}}


@pytest.mark.parametrize(
    ("query", "minor"),
    [
        ("sort=colour", "invalid_sort_field"),
        ("fields=colour", "invalid_selection_field"),
        ("filter=colour%3D'x'", "invalid_filter_field"),
    ],
)
def test_an_unknown_field_is_refused(partner: Caller, query: str, minor: str) -> None:
    response = partner.get(f"/courses?{query}")
    field = response.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]
    assert response.status_code == 400
    assert field["imsx_codeMinorFieldValue"] == minor
    assert "colour" in response.json()["detail"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title='Beta'", ["c1", "c3"]),
        ("title!='Beta'", ["c2", "c4", "c5"]),
        ("title~'eta'", ["c1", "c3"]),
        ("title~'ALPH'", ["c2"]),
        ("title='O''Neill'", ["c4"]),
        ("grades='5'", ["c2", "c4"]),
        ("grades!='5'", ["c1", "c3", "c5"]),
        ("metadata.weight>'9'", ["c1", "c2", "c4", "c5"]),
        ("metadata.weight>='20'", ["c2"]),
        ("metadata.weight<'10'", ["c3"]),
        ("title='Beta' AND grades='3'", ["c1"]),
        ("title='Delta' OR title='Beta' AND grades='3'", ["c1", "c5"]),
        ("(title='Delta' OR title='Beta') AND grades='3'", ["c1"]),
        ("title='Delta' or title='alpha'", ["c2", "c5"]),
        ("status='active' AND dateLastModified>='2020-01-01'", ["c1", "c2", "c3", "c4", "c5"]),
        ("dateLastModified>'2999-01-01T00:00:00+02:00'", []),
        ("dateLastModified<='{today}'", ["c1", "c2", "c3", "c4", "c5"]),
        ("dateLastModified='{today}'", ["c1", "c2", "c3", "c4", "c5"]),
        ("dateLastModified>'{today}'", []),
        ("title='; drop table registry.records; --'", []),
        ("title~'%'", []),
        ("sourcedId>='c4'", ["c4", "c5"]),
    ],
)
def test_a_filter_finds(partner: Caller, text: str, found: list[str]) -> None:
    changed = partner.get("/courses/c1").json()["course"]["dateLastModified"]
    asked = text.replace("{today}", changed[: len("2026-01-15")])
    assert partner.ids(f"/courses?filter={quote(asked)}") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("beginDate>='2026-01-15T05:00:00Z'", ["ada-reading"]),
        ("beginDate='2026-01-15T00:00:00.000-05:00'", ["ada-reading"]),
        ("beginDate<'2026-01-15'", []),
        ("beginDate!='2026-01-15'", ["bob-reading"]),
        ("beginDate~'2026-01'", ["ada-reading"]),
        ("beginDate>'soon'", None),
    ],
)
def test_a_day_is_compared_with_the_day_of_a_time(
    install: Install, text: str, found: list[str] | None
) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    enroll(partner, "reading", "ada", beginDate="2026-01-15")
    enroll(partner, "reading", "bob")
    path = f"/enrollments?filter={quote(text)}"
    if found is None:
        assert partner.get(path).status_code == 400
    else:
        assert partner.ids(path) == found


@pytest.mark.parametrize(
    "text",
    [
        "title",
        "title=",
        "title=Beta",
        "title='Beta",
        "title='a' AND",
        "(title='a'",
        "='a'",
        "title='a' title='b'",
        "title='a';",
        "dateLastModified>'soon'",
        "a..b='c'",
        "title=='a'",
        " AND ".join(["title='a'"] * 51),
    ],
)
def test_a_filter_that_cannot_be_read_is_400(partner: Caller, text: str) -> None:
    response = partner.get(f"/courses?filter={quote(text)}")
    assert response.status_code == 400
    assert response.json()["imsx_error_details"][0]["path"] == "query.filter"


def test_lists_within_a_record(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    publish(partner, "math")
    assert partner.ids("/courses/reading/lessons") == ["reading-l1", "reading-l2"]
    assert partner.ids("/courses/reading/units") == ["reading-u1"]
    assert partner.ids("/units/math-u1/lessons?sort=sortOrder&orderBy=desc") == [
        "math-l2",
        "math-l1",
    ]
    assert partner.ids("/courses/components?filter=course.sourcedId%3D'math'") == [
        "math-l1",
        "math-l2",
        "math-u1",
    ]
    missing = partner.get("/courses/nothing/lessons")
    assert missing.status_code == 404
    assert missing.json()["type"] == "urn:timeback:error:unknown_course"


def test_classes_list_their_people(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    for name, role in (("ada", "student"), ("bob", "student"), ("tess", "teacher")):
        partner.put(f"/{role}s/{name}", {"givenName": name, "familyName": "Young"})
    partner.put("/classes/c", {"title": "C", "course": "reading"})
    for name, role in (("ada", "student"), ("bob", "student"), ("tess", "teacher")):
        partner.put(f"/enrollments/e-{name}", {"user": name, "class": "c", "role": role})
    partner.send("DELETE", "/enrollments/e-bob")
    assert partner.ids("/classes/c/students") == ["ada"]
    assert partner.ids("/classes/c/teachers") == ["tess"]
    assert partner.ids("/classes/c/enrollments") == ["e-ada", "e-bob", "e-tess"]
    assert partner.ids("/students/ada/classes") == ["c"]
    assert partner.ids("/students") == ["ada", "bob"]
    assert partner.ids("/teachers") == ["tess"]
    assert partner.ids("/schools/partner-sandbox/students") == ["ada", "bob"]
    assert partner.ids("/schools/partner-sandbox/classes") == ["c"]
    assert partner.ids("/users?filter=roles.role%3D'teacher'") == ["tess"]

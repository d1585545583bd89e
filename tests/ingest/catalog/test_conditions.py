"""PATCH, POST, DELETE and conditional writes."""

from concurrent.futures import ThreadPoolExecutor

from tests.core.registry.install import Install, publish


def test_a_patch_changes_only_what_it_names(install: Install) -> None:
    partner = install.client("AlphaTok")
    body = {"title": "Reading", "courseCode": "R1", "metadata": {"gradePolicy": "best", "a": 1}}
    partner.put("/courses/reading", body)
    patched = partner.send(
        "PATCH", "/courses/reading", {"course": {"courseCode": None, "metadata": {"a": 2}}}
    )
    course = patched.json()["course"]
    assert patched.status_code == 200
    assert course["title"] == "Reading"
    assert "courseCode" not in course
    assert course["metadata"] == {"gradePolicy": "best", "a": 2}


def test_a_post_answers_which_ids_it_gave(install: Install) -> None:
    partner = install.client("AlphaTok")
    response = partner.send(
        "POST", "/courses", {"courses": [{"sourcedId": "a", "title": "A"}, {"title": "B"}]}
    )
    first, second = response.json()["sourcedIdPairs"]
    assert response.status_code == 201
    assert first == {"suppliedSourcedId": "a", "allocatedSourcedId": "a"}
    assert second["suppliedSourcedId"] is None
    assert partner.get(f"/courses/{second['allocatedSourcedId']}").status_code == 200


def test_a_post_is_all_or_none(install: Install) -> None:
    partner = install.client("AlphaTok")
    partner.put("/courses/b", {"title": "B"})
    response = partner.send(
        "POST", "/courses", {"courses": [{"sourcedId": x, "title": x} for x in ("a", "b")]}
    )
    assert response.status_code == 409
    assert response.json()["type"] == "urn:timeback:error:already_exists"
    assert partner.get("/courses/a").status_code == 404


def test_a_deleted_record_is_marked_and_a_put_brings_it_back(install: Install) -> None:
    partner = install.client("AlphaTok")
    partner.put("/courses/reading", {"title": "Reading"})
    assert partner.send("DELETE", "/courses/reading").status_code == 204
    assert partner.send("DELETE", "/courses/reading").status_code == 204
    assert partner.get("/courses/reading").json()["course"]["status"] == "tobedeleted"
    assert install.versions("course", "reading") == 2
    restored = partner.put("/courses/reading", {"title": "Reading"})
    assert restored.json()["course"]["status"] == "active"
    assert partner.send("DELETE", "/courses/nothing").status_code == 404


def test_a_stale_etag_writes_nothing(install: Install) -> None:
    partner = install.client("AlphaTok")
    first = partner.put("/courses/reading", {"title": "Reading"}).headers["ETag"]
    assert first == partner.get("/courses/reading").headers["ETag"]
    partner.put("/courses/reading", {"title": "Reading 2"}, If_Match=first)
    for method in ("PUT", "PATCH", "DELETE"):
        response = partner.send(method, "/courses/reading", {"title": "Lost"}, If_Match=first)
        assert response.status_code == 412
        assert response.json()["type"] == "urn:timeback:error:stale_etag"
    assert partner.get("/courses/reading").json()["course"]["title"] == "Reading 2"


def test_if_none_match_creates_only(install: Install) -> None:
    partner = install.client("AlphaTok")
    body = {"title": "Reading"}
    assert partner.put("/courses/reading", body, If_None_Match="*").status_code == 201
    assert partner.send("PUT", "/courses/reading", body, If_None_Match="*").status_code == 412
    assert partner.send("PUT", "/courses/none", body, If_Match="*").status_code == 412


def test_a_record_that_the_reader_holds_is_not_sent_again(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    for path in ("/courses/reading", "/lessons?limit=1"):
        tag = partner.get(path).headers["ETag"]
        held = partner.get(path, If_None_Match=f'"other", W/{tag}')
        assert (held.status_code, held.content, held.headers["ETag"]) == (304, b"", tag)
        assert partner.get(path, If_None_Match='"other"').status_code == 200


def test_of_many_that_create_at_once_one_does(install: Install) -> None:
    partner = install.client("AlphaTok")

    def create(title: int) -> int:
        response = partner.send("PUT", "/courses/c", {"title": str(title)}, If_None_Match="*")
        return int(response.status_code)

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(create, range(8)))
    assert codes == [201] + [412] * 7

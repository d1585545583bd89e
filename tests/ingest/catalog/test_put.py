"""Publishing a catalog: create, replace, read back."""

from tests.core.registry.install import Install, publish


def test_a_new_record_is_created_and_the_same_again_changes_nothing(install: Install) -> None:
    partner = install.client("AlphaTok")
    body = {"course": {"title": "Reading", "grades": [6, "7"], "subjects": "Reading"}}
    created = partner.put("/courses/reading", body)
    again = partner.put("/courses/reading/", body)
    assert (created.status_code, again.status_code) == (201, 200)
    assert created.json() == again.json() == partner.get("/courses/reading").json()
    assert created.json()["course"]["grades"] == ["6", "7"]
    assert created.headers["ETag"] == again.headers["ETag"]
    assert install.versions("course", "reading") == 1


def test_a_changed_record_is_a_new_version_under_the_same_id(install: Install) -> None:
    partner = install.client("AlphaTok")
    partner.put("/courses/reading", {"title": "Reading"})
    renamed = partner.put("/courses/reading", {"title": "Reading well"})
    assert renamed.status_code == 200
    assert partner.get("/courses/reading").json()["course"]["title"] == "Reading well"
    assert install.versions("course", "reading") == 2


def test_references_are_answered_as_links(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    lesson = partner.get("/lessons/reading-l1").json()["lesson"]
    assert lesson["course"] == {
        "href": f"{install.context.settings.origin}/rostering/1.0/courses/reading",
        "sourcedId": "reading",
        "type": "course",
    }
    assert lesson["unit"]["sourcedId"] == "reading-u1"
    assert lesson["status"] == "active"
    assert lesson["dateLastModified"].endswith("Z")


def test_unknown_keys_are_kept_as_metadata(install: Install) -> None:
    partner = install.client("AlphaTok")
    partner.put("/courses/c", {"title": "C", "colour": "blue", "metadata": {"gradePolicy": "best"}})
    course = partner.get("/courses/c").json()["course"]
    assert course["metadata"] == {"colour": "blue", "gradePolicy": "best"}


def test_a_lenient_user_is_kept_strictly(install: Install) -> None:
    partner = install.client("AlphaTok")
    sent = {
        "student": {
            "givenName": "Ada",
            "familyName": "Young",
            "enabledUser": "true",
            "grades": 5,
            "middleName": None,
            "password": "secret",
            "email": "ada@example.org",
        }
    }
    user = partner.put("/students/ada", sent).json()["user"]
    assert user["enabledUser"] is True
    assert user["grades"] == ["5"]
    assert user["username"] == "ada@example.org"
    assert user["primaryOrg"]["sourcedId"] == "partner-sandbox"
    assert [(one["role"], one["org"]["sourcedId"]) for one in user["roles"]] == [
        ("student", "partner-sandbox")
    ]
    assert "password" not in str(user)
    assert "middleName" not in user


def test_a_class_may_name_a_term_that_was_never_created(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    sent = {"title": "Class", "course": "reading", "terms": [{"sourcedId": "never-created"}]}
    shown = partner.put("/classes/c1", sent).json()["class"]
    assert shown["terms"][0]["sourcedId"] == "never-created"
    assert shown["school"]["sourcedId"] == "partner-sandbox"


def test_an_enrollment_is_a_students_unless_said(install: Install) -> None:
    partner = install.client("AlphaTok")
    publish(partner)
    partner.put("/users/ada", {"givenName": "Ada", "familyName": "Young"})
    partner.put("/classes/c1", {"title": "Class", "course": "reading"})
    enrollment = partner.put(
        "/enrollments/e1", {"user": "ada", "class": "c1", "beginDate": "2026-01-05T00:00:00Z"}
    ).json()["enrollment"]
    assert (enrollment["role"], enrollment["primary"]) == ("student", False)
    assert enrollment["beginDate"] == "2026-01-05"


def test_resources_have_two_paths(install: Install) -> None:
    partner = install.client("AlphaTok", "production")
    partner.send("PUT", "/resources/1.0/resources/v1", {"resource": {"title": "Video"}})
    shown = partner.get("/resources/v1").json()
    assert shown["resource"]["vendorResourceId"] == "v1"
    assert partner.get("/resources/1.0/resources/v1").status_code in (200, 404)

"""A user's changed roles are written down: by whom, what they were, what they are."""

from typing import Any

from tests.core.registry.install import Install


def roles(*named: str) -> list[dict[str, Any]]:
    return [{"role": role, "org": {"sourcedId": "maple"}} for role in named]


def changes(install: Install) -> list[tuple[str, dict[str, Any]]]:
    with install.context.database.connection() as connection:
        return connection.execute(
            "select actor_id, details from identity.audit_log where action = 'role.change'"
            " order by audit_id"
        ).fetchall()


def test_who_may_see_more_or_less_is_written_down(install: Install) -> None:
    alpha = install.client("Alpha", "admin")
    alpha.put("/orgs/maple", {"name": "Maple"})
    name = {"givenName": "Gil", "familyName": "Young"}
    alpha.put("/users/gil", {**name, "roles": roles("teacher")})
    alpha.put("/users/gil", {**name, "roles": roles("teacher"), "email": "gil@maple.example"})
    alpha.put("/users/gil", {**name, "roles": roles("teacher", "principal")})
    alpha.send("DELETE", "/users/gil")
    both = ["principal@maple", "teacher@maple"]
    assert changes(install) == [
        (alpha.subject, {"user_id": "gil", "old_roles": old, "new_roles": new})
        for old, new in (([], both[1:]), (both[1:], both), (both, []))
    ]


def test_a_student_who_comes_or_moves_is_no_change(install: Install) -> None:
    alpha = install.client("Alpha", "admin")
    alpha.put("/orgs/maple", {"name": "Maple"})
    for email in ("ada@maple.example", "ada@cedar.example"):
        alpha.put(
            "/users/ada",
            {
                "givenName": "Ada",
                "familyName": "Young",
                "email": email,
                "roles": roles("student"),
            },
        )
    assert changes(install) == []


def test_whose_roles_are_emptied_is_made_no_student(install: Install) -> None:
    alpha = install.client("Alpha", "admin")
    alpha.put("/orgs/maple", {"name": "Maple"})
    alpha.put("/users/gil", {"givenName": "Gil", "familyName": "Guide", "roles": roles("teacher")})
    assert alpha.send("PATCH", "/users/gil", {"roles": []}).json()["user"]["roles"] == []

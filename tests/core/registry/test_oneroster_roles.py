"""A user's roles after a file's lines: given, changed, ended, and those that stay."""

from typing import Any

from core.registry.oneroster_roles import RoleLine, roles_after


def role(name: str, org: str = "north") -> dict[str, Any]:
    return {"role": name, "roleType": "primary", "org": {"sourcedId": org}}


def gives(line_id: str, name: str, org: str = "north") -> RoleLine:
    return RoleLine("roles.csv:2", line_id, "gil", role(name, org))


def ends(line_id: str, name: str, org: str = "north") -> RoleLine:
    return RoleLine("roles.csv:2", line_id, "gil", role(name, org), is_ended=True)


def after(
    held: list[str],
    *lines: RoleLine,
    imported: dict[str, dict[str, Any]] | None = None,
    delta: bool = True,
) -> list[str]:
    found = roles_after(
        [role(name) for name in held], lines, imported or {}, is_delta=delta, schools={"north"}
    )
    return [given["role"] for given in found]


def test_a_delta_changes_the_roles_of_its_lines() -> None:
    assert after(["teacher"], gives("r2", "guardian")) == ["teacher", "guardian"]
    assert after(["teacher"], gives("r1", "principal"), imported={"r1": role("teacher")}) == [
        "principal"
    ]
    assert after(["teacher", "guardian"], gives("r1", "teacher")) == ["teacher", "guardian"]
    assert after(["teacher"], ends("r1", "teacher"), imported={"r1": role("teacher")}) == []


def test_a_role_that_another_line_gives_too_stays() -> None:
    held = {"r1": role("teacher"), "r2": role("teacher")}
    assert after(["teacher"], ends("r1", "teacher"), imported=held) == ["teacher"]
    assert after(["teacher"], ends("r1", "teacher"), gives("r3", "teacher")) == ["teacher"]


def test_the_lines_of_a_user_are_all_of_their_roles_unless_it_is_a_delta() -> None:
    assert after(["student"], gives("r1", "teacher"), delta=False) == ["teacher"]
    assert after(["teacher"], ends("r1", "teacher"), delta=False) == []
    assert after(["teacher", "guardian"], ends("r1", "teacher"), delta=False) == ["guardian"]


def test_a_role_of_a_school_that_the_file_does_not_speak_of_stays() -> None:
    south = role("teacher", "south")
    found = roles_after(
        [role("student"), south],
        [gives("r1", "guardian")],
        {"r9": south},
        is_delta=False,
        schools={"north"},
    )
    assert found == [south, role("guardian")]


def test_the_same_lines_again_change_nothing() -> None:
    lines = [gives("r1", "guardian"), gives("r2", "teacher")]
    once = after(["student", "teacher"], *lines)
    assert after(once, *lines, imported={"r1": role("guardian"), "r2": role("teacher")}) == once

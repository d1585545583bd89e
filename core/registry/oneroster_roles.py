"""Roles from `roles.csv`: which of a user's roles its lines give, change and end."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from core.registry import records
from core.registry.normalise import faults_of
from core.registry.oneroster_lines import ends, read_role
from core.registry.oneroster_text import Line
from core.registry.oneroster_writer import Role, RosterWriter
from core.registry.roster import RoleAtOrg


@dataclass(frozen=True)
class RoleLine:
    """One line of a user: the role that it gives, or that ends."""

    place: str
    line_id: str
    user_id: str
    role: Role
    is_ended: bool = False


class RoleFile:
    """The lines of `roles.csv` by user, and the roles that lines of earlier imports gave."""

    def __init__(self, writer: RosterWriter, *, is_delta: bool, schools: Iterable[str]) -> None:
        self.by_user: dict[str, list[RoleLine]] = defaultdict(list)
        self._writer = writer
        self._is_delta = is_delta
        self._schools = set(schools)  # those that the bundle speaks of
        self._imported = writer.imported_roles()
        self._standing: dict[str, dict[str, Role]] = defaultdict(dict)
        for line_id, (user_id, role) in self._imported.items():
            if role is not None:
                self._standing[user_id][line_id] = role
        self._moved: set[str] = set()  # lines that give a role to another user than before

    def read(self, lines: Iterable[Line]) -> None:
        """Take in lines; refuse those that mean no role."""
        for line in lines:
            found = self._read_ended(line) if ends(line) else self._read_given(line)
            if found is not None:
                self.by_user[found.user_id].append(found)

    def end_missing(self, place: str, named: Collection[str]) -> None:
        """End what imports brought for the same schools, and the file no longer names."""
        for user_id, roles in self._standing.items():
            for line_id, role in roles.items():
                if line_id not in named and org_of(role) in self._schools:
                    self.by_user[user_id].append(RoleLine(place, line_id, user_id, role, True))

    def after(self, user_id: str, held: list[Role], home: str) -> list[Role]:
        """The user's roles from now on; a role without org is one at the user's home."""
        place = {"org": {"sourcedId": home}} if home else {}
        lines = [replace(line, role=place | line.role) for line in self.by_user.get(user_id, ())]
        standing = self._standing.get(user_id, {})
        return roles_after(held, lines, standing, is_delta=self._is_delta, schools=self._schools)

    def remember(self, user_id: str, *, is_stated: bool) -> None:
        """Note what the lines of a user gave; `is_stated`: users.csv said all of their roles."""
        for line in self.by_user.pop(user_id, ()):
            if not (line.is_ended and line.line_id in self._moved):
                role = None if line.is_ended else line.role
                self._writer.remember_role(line.line_id, user_id, role)
        for line_id in self._standing.get(user_id, ()) if is_stated else ():
            self._writer.remember_role(line_id, user_id, None)

    def _read_ended(self, line: Line) -> RoleLine | None:
        """The role that the line gave before, else the one that it describes."""
        line_id = line.cells["sourcedId"]
        if line_id in self._imported:
            user_id, known = self._imported[line_id]
            return RoleLine(line.place, line_id, user_id, known, True) if known else None
        user_id, role = line.cells.get("userSourcedId", ""), read_role(line)
        if not user_id or "role" not in role:
            reason = "no import brought this role; name its user, role and org to end it"
            self._writer.refuse(line.place, reason)
            return None
        return self._checked(RoleLine(line.place, line_id, user_id, role, True))

    def _read_given(self, line: Line) -> RoleLine | None:
        line_id, user_id = line.cells["sourcedId"], line.cells.get("userSourcedId", "")
        if not line_id or not user_id:
            column = "userSourcedId" if line_id else "sourcedId"
            self._writer.refuse(line.place, f"{column} is missing")
            return None
        given = self._checked(RoleLine(line.place, line_id, user_id, read_role(line)))
        former, role = self._imported.get(line_id, (user_id, None))
        if given is not None and role is not None and former != user_id:
            self._moved.add(line_id)
            self.by_user[former].append(RoleLine(line.place, line_id, former, role, True))
        return given

    def _checked(self, line: RoleLine) -> RoleLine | None:
        """The line with its role as OneRoster spells it; None if it is none, or at no known org."""
        try:
            role = RoleAtOrg.model_validate(line.role)
        except ValidationError as error:
            faults = (f"{fault.path} {fault.message}" for fault in faults_of("role", error))
            self._writer.refuse(line.place, "; ".join(faults))
            return None
        if role.org is not None:
            org = records.get(self._writer.connection, "org", role.org.sourced_id)
            if org is None or org.is_sandbox:
                self._writer.refuse(line.place, f"there is no org {role.org.sourced_id!r}")
                return None
            self._schools.add(role.org.sourced_id)
        return replace(line, role=role.model_dump(mode="json", by_alias=True, exclude_none=True))


def roles_after(
    held: Sequence[Role],
    lines: Sequence[RoleLine],
    imported: Mapping[str, Role],
    *,
    is_delta: bool,
    schools: Collection[str],
) -> list[Role]:
    """A user's roles after the lines of a file, given those held before.

    `imported` has the roles that lines of earlier imports gave, by the line's id. A delta changes
    the roles of its lines. Otherwise a user's lines are all of their roles, but for those that
    were imported for other schools than the ones that the file names.
    """
    named = {line.line_id for line in lines}
    given = [line.role for line in lines if line.role and not line.is_ended]
    others = {line_id: role for line_id, role in imported.items() if line_id not in named}
    if given and not is_delta:
        kept = {key_of(role) for role in others.values() if key_of(role)[1] not in schools}
        ended = {key_of(role) for role in held} - kept
    else:
        ended = {key_of(imported[line_id]) for line_id in named & imported.keys()}
        ended |= {key_of(line.role) for line in lines if line.role and line.is_ended}
        ended -= {key_of(role) for role in others.values()}
    changed = {key_of(role) for role in given}
    after: list[Role] = []
    for role in held:
        key = key_of(role)
        if key in changed:
            after += [one for one in given if key_of(one) == key and one not in after]
        elif key not in ended:
            after.append(role)
    return after + [one for one in given if one not in after]


def key_of(role: Role) -> tuple[str, str]:
    """What makes two roles of a user the same: what they are, and where."""
    return str(role["role"]), org_of(role)


def org_of(holder: Mapping[str, Any], name: str = "org") -> str:
    """The sourcedId of the org that a role or a user names; "" if none."""
    return str((holder.get(name) or {}).get("sourcedId", ""))

"""Users of a bundle with their roles, and their links to those who act for them."""

from collections.abc import Sequence
from typing import Any

from core.registry import records
from core.registry.oneroster_lines import ends, read_patch, read_users_roles, split
from core.registry.oneroster_roles import RoleFile, org_of
from core.registry.oneroster_text import Line
from core.registry.oneroster_writer import Role, RosterWriter
from core.registry.records import Record
from core.registry.types import AGENT, USER, agent_id

LINKING_ROLES = ("parent", "guardian")


class UserImport:
    """`users.csv` on its way into the registry, each user's lines together."""

    def __init__(self, writer: RosterWriter, groups: Sequence[list[Line]], roles: RoleFile) -> None:
        self._writer = writer
        self._groups = groups
        self._roles = roles
        self._changed: set[str] = set()  # users whose roles did
        self.taken: set[str] = set()

    def take(self) -> None:
        """Save the users with their roles, then those of whom only roles are there."""
        for group in self._groups:
            line = group[0]
            user_id = line.cells["sourcedId"]
            if ends(line):
                self._writer.end(line.place, USER, user_id)
            elif self._save(line.place, user_id, read_patch(USER, line), read_users_roles(group)):
                self.taken.add(user_id)
        for user_id, lines in list(self._roles.by_user.items()):
            if records.get(self._writer.connection, "user", user_id) is not None:
                self._save(lines[0].place, user_id, {}, [])
                continue
            for role_line in lines:
                if not role_line.is_ended:
                    self._writer.refuse(role_line.place, f"there is no user {user_id!r}")

    def link(self) -> None:
        """Link users to the agents whom their lines name, and end the links to all others."""
        named: dict[str, set[str]] = {}
        links: list[str] = []
        for group in self._groups:
            user_id = group[0].cells["sourcedId"]
            if user_id not in self.taken or "agentSourcedIds" not in group[0].cells:
                continue
            agents = split(group[0].cells["agentSourcedIds"])
            named[user_id] = set(agents)
            for agent in agents:
                links.append(agent_id(user_id, agent))
                body = {
                    "status": "active",
                    "student": user_id,
                    "agent": agent,
                    "role": self._role_of_link(agent),
                }
                self._writer.save(group[0].place, AGENT, links[-1], body)
        self._writer.remember("agents", AGENT, links)
        for link in self._writer.links(students=named):
            student, agent = _ends_of(link)
            if student in named and agent not in named[student]:
                self._writer.end(link.sourced_id, AGENT, link.sourced_id)
        for link in self._writer.links(agents=self._changed):
            role = self._role_of_link(_ends_of(link)[1])
            self._writer.save(link.sourced_id, AGENT, link.sourced_id, {"role": role})

    def _save(
        self, place: str, user_id: str, patch: dict[str, Any], stated: list[Role]
    ) -> Record | None:
        """A user with the roles that are said of them; those of whom none is said keep theirs."""
        existing = records.get(self._writer.connection, "user", user_id)
        before = existing.payload if existing is not None else {}
        held = before.get("roles", [])
        home = patch["primaryOrg"] if "primaryOrg" in patch else org_of(before, "primaryOrg")
        if user_id in self._roles.by_user:
            roles, stated = self._roles.after(user_id, held, home or ""), []
        else:
            roles = stated or held
        home = home or next(filter(None, map(org_of, roles)), None)
        if home:
            patch["primaryOrg"] = home
        saved = self._writer.save(place, USER, user_id, patch | {"roles": roles})
        if saved is not None:
            self._roles.remember(user_id, is_stated=bool(stated))
            if saved.payload["roles"] != held:
                self._changed.add(user_id)
        return saved

    def _role_of_link(self, agent: str) -> str:
        """A link gives sight only to an agent whose own role says so."""
        found = records.get(self._writer.connection, "user", agent)
        held = [one.get("role") for one in found.payload.get("roles", [])] if found else []
        return next((one for one in LINKING_ROLES if one in held), "relative")


def _ends_of(link: Record) -> tuple[str, str]:
    """The student of a link, and who acts for them."""
    return link.payload["student"]["sourcedId"], link.payload["agent"]["sourcedId"]

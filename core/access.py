"""Who asks, and what they may see: the one policy that every read is compiled with."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg

from core.errors import ForbiddenError, NotFoundError
from core.identity.people import ROLE_OF_ONEROSTER_ROLE
from core.zones import find_zone

ClientMode = Literal["testing", "production", "admin"]

STUDENT_READERS = frozenset({"student", "parent", "guide", "admin", "platform_admin", "partner"})
ADMIN_ROLES = [name for name, role in ROLE_OF_ONEROSTER_ROLE.items() if role == "admin"]
VISIBLE_STUDENTS = (Path(__file__).parent / "visible_students.sql").read_bytes()
STUDENT_OF_CLIENT = (Path(__file__).parent / "student_of_client.sql").read_bytes()
ANY_STUDENT = (
    "select true from registry.records where record_type = 'user' and sourced_id = %(student_id)s"
)


@dataclass(frozen=True)
class Viewer:
    """Whoever a valid token speaks for: a partner's backend or a person."""

    kind: Literal["client", "person"]
    subject: str
    scopes: frozenset[str]
    client_id: str | None = None
    mode: ClientMode | None = None
    user_id: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    login_client_id: str | None = None  # the app in which a person signed in

    @property
    def sees_everything(self) -> bool:
        """Admin clients and platform admins."""
        return self.mode == "admin" or "platform_admin" in self.roles

    @property
    def is_partner(self) -> bool:
        """A partner's backend, or one of its people."""
        return self.client_id is not None and not self.sees_everything


@dataclass(frozen=True)
class Condition:
    """A piece of a `where` clause and the named parameters that it uses."""

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)


def all_of(*conditions: Condition | None) -> Condition:
    """The conditions that are there, all of which must hold."""
    present = [condition for condition in conditions if condition is not None]
    parameters: dict[str, Any] = {}
    for condition in present:
        parameters |= condition.parameters
    return Condition(" and ".join(f"({part.sql})" for part in present) or "true", parameters)


@dataclass(frozen=True)
class Sight:
    """What one viewer may read, ready to be compiled into queries on the marts.

    `client_id` set: a partner, the facts of its own events about the students it knows.
    `student_ids` set: a person, these students. Neither: everything, sandboxes only by id.
    """

    client_id: str | None = None
    student_ids: tuple[str, ...] | None = None

    @property
    def is_partner(self) -> bool:
        """True where only own figures may be shown: none that another's events could move."""
        return self.client_id is not None

    def students(self, table: str) -> Condition:
        """Which rows of a table with a `student_id` this viewer may read at all."""
        if self.client_id is not None:
            return Condition(
                f"{table}.student_id in (select student_id from marts.dim_enrollments"
                " where client_id = $viewer_client_id and role = 'student' and student_id not in"
                " (select student_id from marts.dim_students where is_sandbox) union all"
                " select student_id from marts.dim_students"
                " where owner_client_id = $viewer_client_id)",
                {"viewer_client_id": self.client_id},
            )
        if self.student_ids is not None:
            return Condition(
                f"{table}.student_id in (select unnest($viewer_student_ids::varchar[]))",
                {"viewer_student_ids": list(self.student_ids)},
            )
        return Condition(
            f"{table}.student_id not in (select student_id from marts.dim_students"
            " where is_sandbox)"
        )

    def facts(self, table: str, *, by_id: bool = False) -> Condition:
        """Which rows of a fact (`student_id`, `client_id`) this viewer may read.

        `by_id`: the rows are asked for by an id, so that sandboxes show to those who see all.
        """
        if by_id and self == Sight():
            return Condition("true")
        condition = self.students(table)
        if self.client_id is None:
            return condition
        return Condition(
            f"{table}.client_id = $viewer_client_id and {condition.sql}", condition.parameters
        )

    def events(self, table: str, *, by_id: bool = False) -> Condition:
        """Which events this viewer may read: a partner all that it sent, of whomever."""
        if self.client_id is not None:
            return self.own(table)
        if self.student_ids is not None:
            return self.students(table)
        if by_id:
            return Condition("true")
        return Condition(f"({table}.student_id is null or {self.students(table).sql})")

    def own(self, table: str) -> Condition:
        """Which rows about one student, already found to be visible, this viewer may read."""
        if self.client_id is None:
            return Condition("true")
        return Condition(
            f"{table}.client_id = $viewer_client_id", {"viewer_client_id": self.client_id}
        )


def sight_of(connection: psycopg.Connection[Any], viewer: Viewer) -> Sight:
    """What the viewer may read now; 403 if nothing about any student is theirs to read."""
    if viewer.kind == "person" and not viewer.roles & STUDENT_READERS:
        raise ForbiddenError("Your role reads no student's records.", code="role_reads_no_students")
    if viewer.sees_everything:
        return Sight()
    if viewer.is_partner:
        return Sight(client_id=viewer.client_id)
    parameters = {
        "user_id": viewer.user_id,
        "admin_roles": ADMIN_ROLES,
        **local_todays(connection),
    }
    rows = connection.execute(VISIBLE_STUDENTS, parameters).fetchall()
    return Sight(student_ids=tuple(sorted(student_id for (student_id,) in rows)))


def may_name(connection: psycopg.Connection[Any], sight: Sight, student_id: str) -> bool:
    """Whether a student's name, e-mail and grade may be shown; 404 if nothing of theirs may.

    A partner sees them only while an enrollment in its course is active; of users that it made
    itself, always. A student who is not there and one who may not be seen read the same.
    """
    row: tuple[Any, ...] | None
    if "\0" in student_id:
        row = None
    elif sight.student_ids is not None:
        row = (True,) if student_id in sight.student_ids else None
    elif sight.client_id is not None:
        parameters = {
            "student_id": student_id,
            "client_id": sight.client_id,
            **local_todays(connection),
        }
        row = connection.execute(STUDENT_OF_CLIENT, parameters).fetchone()
    else:
        row = connection.execute(ANY_STUDENT, {"student_id": student_id}).fetchone()
    if row is None:
        raise NotFoundError(f"There is no user {student_id!r}.", code="unknown_user")
    return bool(row[0])


def local_todays(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Each school's zone and today's ISO date there; an unknown zone has the date of UTC."""
    zones = connection.execute(
        "select distinct payload -> 'metadata' ->> 'timezone' from registry.records"
        " where record_type = 'org' and payload -> 'metadata' ->> 'timezone' is not null"
    ).fetchall()
    names = ["UTC", *(name for (name,) in zones if name != "UTC")]
    dates = [datetime.now(find_zone(name) or ZoneInfo("UTC")).date().isoformat() for name in names]
    return {"zones": names, "todays": dates}

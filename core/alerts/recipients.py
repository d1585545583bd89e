"""To whom an alert of a kind goes, and on which local day."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from core.access import Viewer
from core.alerts.kinds import Kind
from core.identity.people import ROLE_OF_ONEROSTER_ROLE, Person
from core.zones import find_zone

RECIPIENTS = (Path(__file__).parent / "recipients.sql").read_bytes()
Alert = tuple[str, str, date]  # person, kind, local day: what is written once


@dataclass(frozen=True)
class Due:
    """One alert that is to be written: whose, which, of which local day."""

    person_id: str
    kind: Kind
    local_on: date
    zone: ZoneInfo

    @property
    def due_at(self) -> datetime:
        """The instant from which on it is due; figures must not be older."""
        return datetime.combine(self.local_on, datetime.min.time(), self.zone).replace(
            hour=self.kind.hour
        )


def viewer_of(person: Person) -> Viewer:
    """Who reads for this person: what they may see is asked of the policy as of now."""
    return Viewer(
        kind="person",
        subject=str(person.person_id),
        scopes=frozenset({"events.readonly"}),
        client_id=person.client_id,
        user_id=person.user_id,
        roles=person.roles,
    )


def due(
    connection: psycopg.Connection[Any],
    kinds: Iterable[Kind],
    now: datetime,
    settled: Collection[Alert],
    on: date | None = None,
) -> Iterator[Due]:
    """Alerts that are due at `now` and not settled; with `on`, those of that day at any hour.

    A muted kind is never due.
    """
    muted = set(connection.execute("select person_id::text, kind from alerting.muted").fetchall())
    for person_id, zone_name, roles in connection.execute(RECIPIENTS).fetchall():
        zone = find_zone(zone_name) or ZoneInfo("UTC")
        held = {ROLE_OF_ONEROSTER_ROLE.get(role) for role in roles}
        for kind in kinds:
            local_on = on or kind.due_on(now.astimezone(zone))
            if (
                local_on is not None
                and kind.role in held
                and (person_id, kind.name) not in muted
                and (person_id, kind.name, local_on) not in settled
            ):
                yield Due(person_id, kind, local_on, zone)

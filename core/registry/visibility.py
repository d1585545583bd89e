"""Which registry records a viewer sees, and which of their keys: compiled into every read.

What may not be seen is absent from lists and totals and answers 404, as if it were not there;
filters and sorts read only the keys that are shown.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from core.access import ADMIN_ROLES, Condition, Viewer, local_todays, sight_of

FOLDER = Path(__file__).parent
PARTNER = (FOLDER / "sight_of_partner.sql").read_text()
PERSON = (FOLDER / "sight_of_person.sql").read_text()
PLACES = (FOLDER / "sight_of_places.sql").read_text()

OF_SEEN_COURSES = (
    "records.payload -> 'course' ->> 'sourcedId' in (select course_id from seen_courses)"
)
SEEN = {
    "course": "records.sourced_id in (select course_id from seen_courses)",
    "unit": OF_SEEN_COURSES,
    "lesson": OF_SEEN_COURSES,
    "courseComponent": OF_SEEN_COURSES,
    "class": "records.sourced_id in (select class_id from seen_classes)",
    "enrollment": "records.sourced_id in (select enrollment_id from seen_enrollments)",
    "user": "records.sourced_id in (select user_id from seen_users)",
    "agent": "records.sourced_id in (select link_id from seen_agents)",
    "org": "records.sourced_id in (select org_id from seen_orgs)",
    "academicSession": "records.sourced_id in (select session_id from seen_sessions)",
}
OWN_RESOURCES = "records.owner_client_id = %(viewer_client_id)s"

BASE_KEYS = ("sourcedId", "status")
SHARED_KEYS = {
    "user": (
        *BASE_KEYS,
        "enabledUser",
        "username",
        "givenName",
        "familyName",
        "email",
        "grades",
        "roles",
        "primaryOrg",
    ),
    "class": (
        *BASE_KEYS,
        "title",
        "classCode",
        "classType",
        "location",
        "grades",
        "subjects",
        "subjectCodes",
        "periods",
        "course",
        "school",
        "terms",
    ),
    "enrollment": (
        *BASE_KEYS,
        "user",
        "class",
        "school",
        "role",
        "primary",
        "beginDate",
        "endDate",
        "metadata",
    ),
    "org": (*BASE_KEYS, "name", "type", "identifier", "metadata"),
    "academicSession": (*BASE_KEYS, "title", "type", "startDate", "endDate", "schoolYear"),
}
SHARED_METADATA = {"enrollment": ("goals",), "org": ("timezone",)}


@dataclass(frozen=True)
class RosterSight:
    """What one viewer sees, as SQL: `ctes` go before a query on `registry.records as records`."""

    ctes: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    is_partner: bool = False

    def rows(self, record_type: str) -> Condition:
        """Which records of a type are seen."""
        if not self.ctes:
            return Condition("true")
        if record_type == "resource":
            return Condition(OWN_RESOURCES if self.is_partner else "false")
        return Condition(SEEN[record_type])

    def document(self, record_type: str, name: str) -> str:
        """Where a field that is shown stands: in the payload itself, if nothing of it is hidden."""
        whole = not self.is_partner or record_type not in SHARED_KEYS
        is_shown = whole or (name != "metadata" and name in SHARED_KEYS[record_type])
        return "records.payload" if is_shown and name != "dateLastModified" else "shown.body"

    def payload(self, record_type: str) -> Condition:
        """The payload with the keys that are shown: a partner's own records whole."""
        if not self.is_partner or record_type not in SHARED_KEYS:
            return Condition("records.payload")
        return Condition(
            "case when records.owner_client_id = %(viewer_client_id)s then records.payload"
            " else registry.pick(records.payload, %(shared_keys)s) || case"
            " when records.payload ? 'metadata' and 'metadata' = any(%(shared_keys)s)"
            " then jsonb_build_object('metadata',"
            " registry.pick(records.payload -> 'metadata', %(shared_metadata)s))"
            " else '{}' end end",
            {
                "shared_keys": list(SHARED_KEYS[record_type]),
                "shared_metadata": list(SHARED_METADATA.get(record_type, ())),
            },
        )


def roster_sight(connection: psycopg.Connection[Any], viewer: Viewer) -> RosterSight:
    """What the viewer sees of the registry now; 403 for roles that read no roster."""
    if viewer.sees_everything:
        return RosterSight()
    if viewer.is_partner:
        parameters = {"viewer_client_id": viewer.client_id, **local_todays(connection)}
        return RosterSight(f"with recursive {PARTNER}\n{PLACES}", parameters, is_partner=True)
    students = sight_of(connection, viewer).student_ids or ()
    parameters = {
        "viewer_user_id": viewer.user_id,
        "viewer_student_ids": list(students),
        "admin_roles": ADMIN_ROLES,
    }
    return RosterSight(f"with recursive {PERSON}\n{PLACES}", parameters)

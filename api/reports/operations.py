"""The reports of admins, and what every page shows: the reader and freshness."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from api.reading import Reading
from api.reports.queries import apps, navigation, operations, schools
from api.reports.reading import visible_students
from api.reports.reports import stamp
from api.reports.schemas.admin import Builds
from api.reports.schemas.operations import (
    AdminSchools,
    DataHealth,
    Load,
)
from api.reports.schemas.parts import Freshness, Me
from core.access import STUDENT_READERS, Sight, Viewer, sight_of
from core.builds.reader import LakeReader, PublishedLake
from core.builds.status import read_status
from core.identity.clients import find_client
from core.identity.people import find_person

STALE_SECONDS = 600  # an answer older than this is shown in red


def freshness(
    viewer: Viewer, connection: psycopg.Connection[Any], lake: PublishedLake, reader: LakeReader
) -> Freshness:
    """How new the build is and what waits; for a partner, of its own events."""
    build = lake.build
    client_id = viewer.client_id if viewer.is_partner else None
    waiting = operations.journal(connection, client_id)["waiting_events"]
    waiting += operations.loaded_since(connection, reader, build.build_id, client_id)
    age = (datetime.now(UTC) - build.as_of).total_seconds()
    return Freshness(
        build_id=build.build_id,
        as_of=build.as_of,
        build_number=None if client_id else build.build_number,
        published_at=build.finished_at,
        waiting_events=waiting,
        age_seconds=age,
        is_stale=age > STALE_SECONDS,
    )


def me(
    viewer: Viewer,
    connection: psycopg.Connection[Any],
    lake: PublishedLake,
    *,
    with_students: bool = False,
) -> Me:
    """The reader and what they can choose between; whoever reads no student has no choices."""
    reads_students = viewer.kind == "client" or bool(viewer.roles & STUDENT_READERS)
    sight = sight_of(connection, viewer) if reads_students else Sight(student_ids=())
    reading = Reading(viewer, sight, connection, lake)
    students = [] if viewer.is_partner else visible_students(reading)
    children = navigation.children(connection, viewer.user_id, students)
    reading.note("reports.me", children)
    classes = []
    if viewer.sees_everything or viewer.roles & {"guide", "admin"}:
        classes = navigation.classes(lake, viewer.user_id, students)
    client = None
    if viewer.is_partner:
        client = {"choice_id": viewer.client_id, "title": client_name(reading)}
    return Me.model_validate(
        {
            **stamp(reading),
            "name": _reader_name(reading),
            "user_id": viewer.user_id,
            "roles": sorted(viewer.roles),
            "classes": classes,
            "schools": navigation.schools(lake, students),
            "children": navigation.names(lake, children),
            "client": client,
            "student_ids": students if with_students else [],
        }
    )


def admin_schools(reading: Reading, days: int) -> AdminSchools:
    """The schools of the students that the admin sees; today first, then the days before."""
    students = visible_students(reading)
    rows = schools.days(reading.lake, students, days)
    flagged = schools.flagged(reading.lake, students)
    today = [
        {**row, "flagged_count": flagged.get(row["school_id"], 0)}
        for row in rows
        if row["local_on"] == row["today_on"]
    ]
    return AdminSchools.model_validate({**stamp(reading), "schools": today, "days": rows})


def data_health(reading: Reading, days: int) -> DataHealth:
    """Journal, builds and verdicts; a school's admin gets the verdicts about its students."""
    lake = reading.lake
    since = lake.build.as_of - timedelta(days=days)
    is_everything = reading.viewer.sees_everything
    students = [] if is_everything else visible_students(reading)
    names = apps.client_names(reading.database)
    verdicts = operations.verdicts(lake, since, students, is_everything=is_everything)
    return DataHealth.model_validate(
        {
            **stamp(reading),
            "journal": operations.journal(reading.database, None),
            "last_load": _last_load(reading.database),
            "builds": _builds(reading.database),
            "verdicts": [
                {**row, "client_name": names.get(row["client_id"], row["client_id"])}
                for row in verdicts
            ],
        }
    )


def build_log(connection: psycopg.Connection[Any], lake: PublishedLake) -> Builds:
    """The newest builds, published or not."""
    build = lake.build
    return Builds.model_validate(
        {"build_id": build.build_id, "as_of": build.as_of, "builds": _builds(connection)}
    )


def _builds(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    return [{**build, **_outcome(build["details"])} for build in operations.builds(connection)]


def _last_load(connection: psycopg.Connection[Any]) -> Load | None:
    status = read_status(connection)
    if status.loaded_at is None:
        return None
    return Load(load_id=status.last_load_id, loaded_at=status.loaded_at)


def _outcome(details: dict[str, Any]) -> dict[str, Any]:
    failures = details.get("failures") or [details[key] for key in ("error",) if key in details]
    return {
        "tests": details.get("tests"),
        "warnings": details.get("warnings"),
        "failures": failures,
    }


def client_name(reading: Reading) -> str:
    """The name of the client that the reader speaks for or belongs to."""
    client_id = reading.viewer.client_id
    client = find_client(reading.database, client_id) if client_id else None
    return client.name if client else ""


def _reader_name(reading: Reading) -> str:
    if reading.viewer.kind == "client":
        return client_name(reading)
    person = find_person(reading.database, reading.viewer.subject)
    return person.name if person else ""

"""The small school's marts: one Thursday of Ana (reading and maths), Ben and Cai, by hand."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import polars as pl
import psycopg

from core import lake
from core.settings import Settings
from tests.api.people import Partners

AS_OF = datetime(2026, 1, 15, 23, 0, tzinfo=UTC)  # Thursday 17:00 at Maple, 15:00 at Cedar
DAY = date(2026, 1, 15)
RECEIPT = UUID(int=7)
MARTS = Path(__file__).parent / "marts.sql"

Rows = list[dict[str, Any]]


def clock(hour: int, minute: int = 0, day: int = 15) -> datetime:
    """An instant of January 2026, UTC; Maple's clocks show six hours less."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def worlds(partners: Partners) -> dict[str, dict[str, str]]:
    """Columns that tell the two partners' facts apart."""
    reading = {
        "client_id": partners.reading,
        "app_id": "reader",
        "course_id": "reading-5",
        "lesson_id": "r1",
        "subject": "Reading",
    }
    maths = {
        "client_id": partners.maths,
        "app_id": "adder",
        "course_id": "maths-5",
        "lesson_id": "m1",
        "subject": "Math",
    }
    return {"reading": reading, "maths": maths}


def insert(connection: duckdb.DuckDBPyConnection, tables: dict[str, Rows]) -> None:
    """Insert rows by name; a column that a row lacks is null."""
    for table, rows in tables.items():
        connection.register("incoming", pl.DataFrame(rows, infer_schema_length=None))
        connection.execute(f"insert into {table} by name select * from incoming")
        connection.unregister("incoming")


def publish(settings: Settings, tables: dict[str, Rows], build_id: str, as_of: datetime) -> None:
    """Add rows to the install's marts and raw tables (made if absent) and publish a build."""
    assert settings.database_url is not None
    with lake.open_duckdb(settings) as connection:
        lake.attach(connection, settings, settings.database_url)
        connection.execute("create schema if not exists lake.marts; use lake.marts")
        if not connection.execute(
            "select 1 from duckdb_tables() where table_name = 'dim_students'"
        ).fetchall():
            connection.execute(MARTS.read_text())
        insert(connection, tables)
        snapshot = lake.current_snapshot(connection)
    with psycopg.connect(settings.database_url) as database:
        database.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, published_snapshot, finished_at)"
            " values (%s, 'published', true, %s, %s, %s, %s)",
            [build_id, as_of, snapshot, snapshot, as_of],
        )


def raw(partners: Partners) -> dict[str, Rows]:
    """Raw rows that answers read: two versions of Ana's enrollment, an event of each app."""
    versions = [(1, 30, clock(12, day=2)), (2, 99, clock(12, day=20))]
    return {
        "lake.raw.records": [
            {
                "load_id": 1,
                "record_seq": version,
                "record_type": "enrollment",
                "sourced_id": "ana-r",
                "version": version,
                "recorded_at": recorded_at,
                "payload": json.dumps({"metadata": {"goals": {"dailyXp": goal}}}),
            }
            for version, goal, recorded_at in versions
        ],
        "lake.raw.events": [
            {
                "load_id": 1,
                "journal_seq": 1,
                "event_index": index,
                "day": DAY,
                "client_id": client_id,
                "event_id": f"event-{name}",
                "student_ref": "ana",
                "received_at": clock(15, index),
                "payload": f'{{"id": "as sent, {name}"}}',
            }
            for index, name, client_id in ((1, "x1", partners.reading), (7, "x2", partners.maths))
        ],
    }


def dimensions(partners: Partners) -> dict[str, Rows]:
    """Who and what there is; Zoe is enrolled nowhere, Sam is another client's trial user."""
    zones = {"maple": "America/Chicago", "cedar": "America/Los_Angeles", "partner-sandbox": "UTC"}
    schools = {"ana": "maple", "ben": "maple", "cai": "cedar", "zoe": "maple"}
    students = [
        {
            "student_id": name,
            "school_id": school,
            "timezone": zones[school],
            "is_sandbox": False,
            "given_name": name.title(),
            "family_name": "Test",
            "grade": "5",
            "is_active": True,
            "email": f"{name}@maple.example",
            "owner_client_id": None,
        }
        for name, school in schools.items()
    ]
    students.append(
        {
            "student_id": "sam",
            "school_id": "partner-sandbox",
            "timezone": "UTC",
            "is_sandbox": True,
            "owner_client_id": partners.sandbox,
            "is_active": True,
        }
    )
    enrolled = [("ana", "r"), ("ana", "m"), ("ben", "r"), ("cai", "m")]
    clients = {"r": partners.reading, "m": partners.maths}
    courses = {"r": "reading-5", "m": "maths-5"}
    return {
        "dim_students": students,
        "dim_enrollments": [
            {
                "enrollment_id": f"{who}-{what}",
                "student_id": who,
                "class_id": f"class-{what}",
                "course_id": courses[what],
                "client_id": clients[what],
                "role": "student",
                "school_id": schools[who],
                "is_active": True,
            }
            for who, what in enrolled
        ],
        "dim_courses": [
            {
                "course_id": courses[what],
                "course_title": title,
                "subject": subject,
                "client_id": clients[what],
                "is_active": True,
                "is_sandbox": False,
            }
            for what, title, subject in (("r", "Reading 5", "Reading"), ("m", "Maths 5", "Math"))
        ],
        "dim_lessons": [
            {
                "lesson_id": f"{what}{number}",
                "lesson_title": f"Lesson {what}{number}",
                "lesson_position": number,
                "unit_id": f"{what}u",
                "unit_title": "Unit",
                "course_id": courses[what],
                "client_id": clients[what],
                "is_active": True,
            }
            for what in "rm"
            for number in (1, 2)
        ],
    }

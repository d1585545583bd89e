"""Two small schools with two apps and two weeks of days, written as marts of a published build.

Every figure is made from the same student-days, so pages can be checked against the marts.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import psycopg

from core import lake
from core.settings import Settings
from tests.dashboards import answers, facts, roster

DDL = Path(__file__).parents[1] / "api" / "marts.sql"
AS_OF = datetime(2026, 11, 20, 18, 12, tzinfo=UTC)  # a Friday, 12:12 in Chicago


def found(settings: Settings, as_of: datetime = AS_OF) -> None:
    """Write the schools' registry, people and marts into a fresh install, and publish them."""
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        roster.enroll_everyone(connection)
    publish_marts(settings, as_of)


def publish_marts(settings: Settings, as_of: datetime = AS_OF) -> None:
    """Write the schools' marts into an install that has their registry, and publish them."""
    assert settings.database_url is not None
    lake.create_raw_schema(settings, settings.database_url)
    tables = {**roster.dimensions(), **facts.facts(as_of), **facts.events(as_of)}
    tables["lake.raw.events"] = answers.raw(as_of)
    with lake.open_duckdb(settings) as duckdb:
        lake.attach(duckdb, settings, settings.database_url)
        duckdb.execute("create schema lake.marts; use lake.marts")
        duckdb.execute(DDL.read_text())
        for table, rows in tables.items():
            frame = pl.DataFrame(rows, infer_schema_length=None)
            duckdb.register("incoming", frame)
            duckdb.execute(f"insert into {table} by name select * from incoming")
        snapshot = lake.current_snapshot(duckdb)
    publish(settings, snapshot, as_of)


def publish(settings: Settings, snapshot: int, as_of: datetime) -> str:
    """Record a published build of a snapshot; returns its id."""
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        row = connection.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of,"
            " source_snapshot, published_snapshot, started_at, finished_at, details)"
            " values (gen_random_uuid(), 'published', false, %s, %s, %s, %s, %s, %s)"
            " returning build_id",
            [as_of, snapshot, snapshot, as_of, as_of + timedelta(seconds=9), "{}"],
        ).fetchone()
    assert row is not None
    return str(row[0])

"""The record of builds (publishing.builds): which ran, which are published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Build:
    """A published build: what readers pin. `as_of` is the instant that its rules call now."""

    build_number: int
    build_id: str
    as_of: datetime
    source_snapshot: int
    published_snapshot: int
    finished_at: datetime
    full_refresh: bool


@dataclass(frozen=True)
class RunningBuild:
    """A build that is being made: steps done, of how many (None: not told), doing what."""

    build_id: str
    done: int
    total: int | None
    label: str

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None if it has not told."""
        return 100 * self.done // self.total if self.total else None


@dataclass(frozen=True)
class FailedBuild:
    """A build that failed or was cut off, and why."""

    build_number: int
    reason: str


SELECT_PUBLISHED = """
    select
        build_number, build_id, as_of, source_snapshot, published_snapshot, finished_at,
        full_refresh
    from publishing.builds
    where status = 'published'
"""


def latest(connection: psycopg.Connection[Any]) -> Build | None:
    """The newest published build, or None before the first."""
    with connection.cursor(row_factory=class_row(Build)) as cursor:
        return cursor.execute(SELECT_PUBLISHED + " order by build_number desc limit 1").fetchone()


def by_id(connection: psycopg.Connection[Any], build_id: str) -> Build | None:
    """The published build of that id, or None if there is none (any more)."""
    with connection.cursor(row_factory=class_row(Build)) as cursor:
        return cursor.execute(SELECT_PUBLISHED + " and build_id = %s", [build_id]).fetchone()


def as_of(connection: psycopg.Connection[Any], instant: datetime) -> Build | None:
    """The newest published build that is true at `instant` or before, or None if there is none."""
    newest = " and as_of <= %s order by as_of desc, build_number desc limit 1"
    with connection.cursor(row_factory=class_row(Build)) as cursor:
        return cursor.execute(SELECT_PUBLISHED + newest, [instant]).fetchone()


def was_dropped(
    connection: psycopg.Connection[Any], *, build_id: str | None, instant: datetime | None
) -> bool:
    """Whether a build of that id, or true at `instant`, was published and is kept no longer."""
    found = connection.execute(
        "select 1 from publishing.builds where status = 'dropped'"
        " and (build_id = %s or as_of <= %s) limit 1",
        [build_id, instant],
    ).fetchone()
    return found is not None


def running(connection: psycopg.Connection[Any]) -> RunningBuild | None:
    """The build that is being made now, or None."""
    with connection.cursor(row_factory=class_row(RunningBuild)) as cursor:
        return cursor.execute(
            """
            select
                build_id,
                coalesce((details #>> '{progress,done}')::bigint, 0) as done,
                (details #>> '{progress,total}')::bigint as total,
                coalesce(details #>> '{progress,label}', '') as label
            from publishing.builds
            where status = 'running'
            order by build_number desc
            limit 1
            """
        ).fetchone()


def last_failure(connection: psycopg.Connection[Any]) -> FailedBuild | None:
    """The newest build that failed since the last published one, or None."""
    with connection.cursor(row_factory=class_row(FailedBuild)) as cursor:
        return cursor.execute(
            """
            select
                build_number,
                coalesce(details -> 'failures' ->> 0, details ->> 'error', 'unknown') as reason
            from publishing.builds
            where
                status = 'failed'
                and build_number > (
                    select coalesce(max(build_number), 0) from publishing.builds
                    where status = 'published'
                )
            order by build_number desc
            limit 1
            """
        ).fetchone()


def last_load_of_latest(connection: psycopg.Connection[Any]) -> int:
    """The newest load that the newest published build has seen; 0 before the first."""
    row = connection.execute(
        "select (details ->> 'last_load_id')::bigint from publishing.builds"
        " where status = 'published' order by build_number desc limit 1"
    ).fetchone()
    return int(row[0]) if row else 0


def project_hash(connection: psycopg.Connection[Any], build: Build) -> str | None:
    """The digest of the dbt project that made a build."""
    row = connection.execute(
        "select details ->> 'project_hash' from publishing.builds where build_id = %s",
        [build.build_id],
    ).fetchone()
    return row[0] if row else None


def small_builds(connection: psycopg.Connection[Any], build: Build) -> int:
    """How many small builds lead from the last full one to a build, itself included."""
    row = connection.execute(
        """
        select count(*) from publishing.builds
        where
            published_snapshot is not null
            and build_number <= %(number)s
            and build_number > (
                select max(build_number) from publishing.builds
                where
                    full_refresh
                    and published_snapshot is not null
                    and build_number <= %(number)s
            )
        """,
        {"number": build.build_number},
    ).fetchone()
    return int(row[0]) if row else 0

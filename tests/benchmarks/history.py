"""A longer past: copies of the school's weeks, each some days before the last, row by row.

Every copy has lessons, sessions, attempts and events of its own, as a school year has; only the
students and the courses stay. The rows are written as the loader writes them, in loads of one copy.
"""

from dataclasses import dataclass

import duckdb
import psycopg

from core import lake
from tests.benchmarks.installs import Install

DAYS_A_COPY = 21
OWN_REFERENCES = (
    "event_id",
    "session_ref",
    "lesson_ref",
    "object_ref",
    "object_part_ref",
    "assignable_ref",
    "assignable_part_ref",
    "attempt_ref",
    "attempt_part_ref",
    "generated_ref",
)


@dataclass
class History:
    """The raw tables of an install, and how far back they have been extended."""

    ours: Install
    first_loads: int  # the loads of the school itself
    copies: int = 0

    def extend(self, events: int) -> int:
        """Add copies until the lake holds at least so many events; returns how many it holds."""
        with lake.open_duckdb(self.ours.settings) as connection:
            lake.attach(connection, self.ours.settings, self.ours.url)
            while (held := _one(connection, "select count(*) from lake.raw.events")) < events:
                self._copy(connection)
        return held

    def reach_back(self, days: int, *, one_session_in: int) -> None:
        """Add copies until the past is so many days long, with one in so many sessions."""
        with lake.open_duckdb(self.ours.settings) as connection:
            lake.attach(connection, self.ours.settings, self.ours.url)
            while DAYS_A_COPY * (self.copies + 1) < days:
                self._copy(connection, one_session_in)

    def _copy(self, connection: duckdb.DuckDBPyConnection, one_session_in: int = 1) -> None:
        """One copy as one load: lessons first, then what happened in them."""
        self.copies += 1
        number = self.copies
        load_id = _one(connection, "select max(load_id) + 1 from lake.raw.loads")
        newest = _one(connection, "select max(journal_seq) from lake.raw.events")
        earlier = f"to_days({DAYS_A_COPY * number})"
        own = ", ".join(f"{name} || '-h{number}' as {name}" for name in OWN_REFERENCES)
        connection.execute("begin")
        connection.execute(
            f"""
            insert into lake.raw.records by name
            select * replace (
                {load_id} as load_id,
                sourced_id || '-h{number}' as sourced_id,
                replace(payload, sourced_id, sourced_id || '-h{number}') as payload
            )
            from lake.raw.records
            where record_type = 'lesson' and load_id <= {self.first_loads}
            """
        )
        connection.execute(
            f"""
            insert into lake.raw.events by name
            select * replace (
                {load_id} as load_id,
                journal_seq + {newest} as journal_seq,
                (day - {DAYS_A_COPY * number})::date as day,
                event_time - {earlier} as event_time,
                event_time - {earlier} + interval 2 second as received_at,
                hash(event_hash, {number}) as event_hash,
                {own}
            )
            from lake.raw.events
            where
                load_id <= {self.first_loads}
                and hash(coalesce(session_ref, event_id)) % {one_session_in} = 0
            order by day, student_ref, event_time
            """
        )
        connection.execute(f"insert into lake.raw.loads values ({load_id}, now(), 0, 0, 0)")
        connection.execute("commit")
        with psycopg.connect(self.ours.url, autocommit=True) as postgres:
            postgres.execute("update journal.progress set last_load_id = %s", [load_id])
            for table, column, value in (
                ("journal.pending_load", "load_id", load_id),
                ("journal.requests", "seq", 2 * newest),
            ):
                postgres.execute(
                    "select setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, value]
                )


def open_history(ours: Install) -> History:
    """The history of a school that is loaded and has not been extended."""
    with lake.open_duckdb(ours.settings) as connection:
        lake.attach(connection, ours.settings, ours.url)
        return History(ours, _one(connection, "select max(load_id) from lake.raw.loads"))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])

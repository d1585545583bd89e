"""The loader: moves the journal and record versions into the lake, exactly once.

A load is chosen by explicit lists of rows, written to the lake in one transaction together with
its id, made durable with fsync (DuckLake never does), and only then deleted from PostgreSQL. A
loader killed anywhere finds the load's row in `journal.pending_load` when it starts again: if its
id is in the lake the load is there, else it is done again.
"""

import logging
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psycopg
import pyarrow as pa

from core import lake, postgres
from core.builds import locks
from core.privacy.erased import Erased
from core.settings import Settings
from ingest import forgetting
from ingest.events.rows import decode_requests

logger = logging.getLogger(__name__)

APPLICATION_NAME = "timeback-loader"
MOST_LOAD_BYTES = 64_000_000
MOST_LOAD_RECORDS = 20_000

CHOOSE_LOAD = """
    with requests as (
        select seq, event_count, octet_length(body) as byte_count
        from journal.requests order by seq limit %(events)s
    ),
    running as (
        select
            seq,
            sum(event_count) over (order by seq) - event_count as events_before,
            sum(byte_count) over (order by seq) - byte_count as bytes_before
        from requests
    ),
    chosen as (
        select
            array(
                select seq from running
                where events_before < %(events)s and bytes_before < %(bytes)s
            ) as request_seqs,
            array(
                select seq from journal.record_versions order by seq limit %(records)s
            ) as record_seqs
    )
    insert into journal.pending_load (request_seqs, record_seqs)
    select request_seqs, record_seqs from chosen
    where cardinality(request_seqs) + cardinality(record_seqs) > 0
    returning load_id, request_seqs, record_seqs
"""

RECORD_SCHEMA = pa.schema(
    [
        ("record_seq", pa.int64()),
        ("record_type", pa.string()),
        ("sourced_id", pa.string()),
        ("version", pa.int32()),
        ("owner_client_id", pa.string()),
        ("is_sandbox", pa.bool_()),
        ("status", pa.string()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("payload", pa.string()),
    ]
)


class LoaderRunningError(RuntimeError):
    """Another process is loading this install."""


@dataclass(frozen=True)
class Load:
    """One batch: which journal rows and record versions it holds."""

    load_id: int
    request_seqs: list[int]
    record_seqs: list[int]


class Loader:
    """The one loader of an install; a second one waits for the first, or raises at once."""

    def __init__(self, settings: Settings, *, wait: bool = True) -> None:
        self._settings = settings
        self._wait = wait

    def __enter__(self) -> Self:
        self._url = postgres.database_url(self._settings)
        self._postgres = psycopg.connect(self._url, autocommit=True)
        if self._wait:
            locks.hold(self._postgres, locks.LOADER)
        elif not locks.try_hold(self._postgres, locks.LOADER):
            self._postgres.close()
            raise LoaderRunningError("A loader is running already.")
        locks.fence(self._postgres, APPLICATION_NAME)
        self._duckdb = lake.open_duckdb(self._settings, threads=2)
        lake.attach(self._duckdb, self._settings, self._url, application_name=APPLICATION_NAME)
        self._recover()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._duckdb.close()
        self._postgres.close()

    def run(self, stop: threading.Event) -> None:
        """Load until `stop`: back to back while there is a backlog, else once an interval."""
        while not stop.is_set():
            started = time.monotonic()
            if self.run_once() < self._settings.load_batch_events:
                stop.wait(self._settings.load_interval_seconds - (time.monotonic() - started))

    def drain(self) -> int:
        """Load until the journal is empty; returns the number of events loaded."""
        total = 0
        while count := self.run_once():
            total += count
        return total

    def run_once(self) -> int:
        """Load one batch; returns its events and records, 0 if nothing waited."""
        limits = {
            "events": self._settings.load_batch_events,
            "bytes": MOST_LOAD_BYTES,
            "records": MOST_LOAD_RECORDS,
        }
        row = self._postgres.execute(CHOOSE_LOAD, limits).fetchone()
        if row is None:
            return 0
        return self._finish(Load(*row))

    def _recover(self) -> None:
        """Finish the loads that a killed loader left."""
        pending = self._postgres.execute(
            "select load_id, request_seqs, record_seqs from journal.pending_load order by load_id"
        ).fetchall()
        for row in pending:
            load = Load(*row)
            found = self._duckdb.execute(
                "select snapshot_id from lake.raw.loads where load_id = ?", [load.load_id]
            ).fetchone()
            logger.info("load %d was cut off; in the lake: %s", load.load_id, found is not None)
            self._finish(load, snapshot=found[0] if found else None)

    def _finish(self, load: Load, *, snapshot: int | None = None) -> int:
        """Bring a load to its end; `snapshot` is its lake commit, if it got that far."""
        count = 0
        with locks.holding(self._postgres, locks.RAW_TABLES):
            if snapshot is None:
                count, snapshot = self._write(load)
            lake.fsync_files(self._settings, self._postgres, since_snapshot=snapshot)
        with self._postgres.transaction():
            self._postgres.execute(
                "delete from journal.requests where seq = any(%s)", [load.request_seqs]
            )
            self._postgres.execute(
                "delete from journal.record_versions where seq = any(%s)", [load.record_seqs]
            )
            self._postgres.execute(
                "delete from journal.pending_load where load_id = %s", [load.load_id]
            )
            self._postgres.execute(
                "update journal.progress set last_load_id = %s, loaded_at = now()", [load.load_id]
            )
        return count

    def _write(self, load: Load) -> tuple[int, int]:
        """Write a load to the lake in one transaction; returns its rows and its snapshot."""
        requests = self._postgres.execute(
            "select seq, receipt_id, client_id, received_at, refusals, body"
            " from journal.requests where seq = any(%s) order by seq",
            [load.request_seqs],
            binary=True,
        ).fetchall()
        events, rejections = decode_requests(requests)
        del requests
        records = self._read_records(load)
        erased = Erased.load(self._postgres)
        if erased:
            came = (events, rejections, records)
            events, rejections, records = kept = forgetting.without_erased(erased, *came)
            if kept != came:
                forgetting.note_traces(self._postgres)
        connection = self._duckdb
        connection.execute("begin")
        try:
            for table, batch, order in (
                ("events", events, "day, student_ref, event_time"),
                ("rejections", rejections, "journal_seq, event_index"),
                ("records", records, "record_seq"),
            ):
                if batch.num_rows:
                    connection.register("batch", batch)
                    connection.execute(
                        f"insert into lake.raw.{table} by name"
                        f" select ?::bigint as load_id, * from batch order by {order}",
                        [load.load_id],
                    )
                    connection.unregister("batch")
            connection.execute(
                "insert into lake.raw.loads values (?, now(), ?, ?, ?)",
                [load.load_id, events.num_rows, rejections.num_rows, records.num_rows],
            )
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        committed = connection.execute(
            "select id from ducklake_last_committed_snapshot('lake')"
        ).fetchone()
        assert committed is not None  # noqa: S101  a commit has just happened
        return events.num_rows + rejections.num_rows + records.num_rows, committed[0]

    def _read_records(self, load: Load) -> pa.Table:
        versions = self._postgres.execute(
            "select seq, record_type, sourced_id, version, owner_client_id, is_sandbox, status,"
            " recorded_at, payload::text"
            " from journal.record_versions where seq = any(%s) order by seq",
            [load.record_seqs],
        ).fetchall()
        columns = list(zip(*versions, strict=True)) or [()] * len(RECORD_SCHEMA)
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(columns, RECORD_SCHEMA, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=RECORD_SCHEMA)

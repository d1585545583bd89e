"""A warehouse to play with: raw rows written as the loader writes them, built by the real build."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars
import pytest
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult

from core import lake, postgres
from core.builds.build import Builder
from core.builds.runner import run_dbt
from core.settings import Settings
from tests.conftest import make_settings
from tests.warehouse.trap_school import EVENTS, LATE_ROSTER, ROSTER

Row = Mapping[str, Any]

AS_OF = datetime(2026, 3, 31, 12, tzinfo=UTC)
RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Warehouse:
    """Raw tables, builds and marts of one install."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.connection = lake.open_duckdb(settings)
        lake.attach(self.connection, settings, postgres.database_url(settings))
        self._load_id = 0
        self._journal_seq = 0
        self._record_seq = 0
        self._versions: dict[tuple[str, str], int] = {}

    def load(self, events: Sequence[Row] = (), records: Sequence[Row] = ()) -> None:
        """One load. Columns that a row does not name get a default; see the two methods below."""
        self._load_id += 1
        self._insert("records", [self._record(row) for row in records])
        self._insert("events", [self._event(row) for row in events])
        self._insert(
            "loads",
            [
                {
                    "load_id": self._load_id,
                    "loaded_at": AS_OF,
                    "event_count": len(events),
                    "rejection_count": 0,
                    "record_count": len(records),
                }
            ],
        )

    def reject(self, rejections: Sequence[Row]) -> None:
        """One load of events that the door refused."""
        self._load_id += 1
        defaults = {"client_id": "reading", "reason": "missing_field", "message": "refused"}
        self._insert(
            "rejections", [defaults | self._arrival(row) | dict(row) for row in rejections]
        )
        self._insert("loads", [{"load_id": self._load_id, "loaded_at": AS_OF}])

    def build(self, *, full_refresh: bool = False, as_of: datetime = AS_OF) -> None:
        """Build and publish, as `timeback build` does."""
        with Builder(self.settings).open() as builder:
            builder.build(full_refresh=full_refresh, as_of=as_of)

    def run_dbt(self, *command: str, **variables: str | int) -> Sequence[RunResult]:
        """Run a dbt command by hand on the lake's newest raw; what became of each node."""
        ran = run_dbt(self.settings, command, self.target, variables=variables, is_quiet=True)
        assert isinstance(ran.result, RunExecutionResult), ran.exception
        return ran.result.results

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query on the lake's newest state (`lake.marts.…`)."""
        return self.connection.execute(sql, parameters).fetchall()

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Every row of a table (`marts.fct_sessions`), in one order whatever its files are."""
        return self.rows(f"select * from lake.{name} order by all")

    @property
    def target(self) -> Path:
        """Where dbt leaves its artifacts."""
        return self.settings.root / "dbt" / "artifacts"

    def close(self) -> None:
        """Let the lake go."""
        self.connection.close()

    def _arrival(self, row: Row) -> dict[str, Any]:
        self._journal_seq += 1
        received_at = row.get("received_at") or row.get("event_time") or AS_OF
        return {
            "load_id": self._load_id,
            "journal_seq": self._journal_seq,
            "event_index": 0,
            "receipt_id": str(uuid.UUID(int=self._journal_seq)),
            "received_at": received_at,
        }

    def _event(self, row: Row) -> dict[str, Any]:
        """An accepted event: at least `event_id`, `event_time`, `event_type` and `action`."""
        client_id = row.get("client_id", "reading")
        said = json.dumps({key: str(value) for key, value in sorted(row.items())})
        digest = hashlib.sha256(f"{client_id}:{row['event_id']}".encode()).digest()
        defaults = {
            "client_id": client_id,
            "day": row["event_time"].astimezone(UTC).date(),
            "event_hash": int.from_bytes(digest[:8], "big"),
            "canonical_hash": hashlib.sha256(said.encode()).hexdigest(),
            "is_processed": True,
            "student_ref": "ann",
            "actor_ref": row.get("student_ref", "ann"),
            "actor_type": "Person",
            "payload": said,
        }
        return defaults | self._arrival(row) | dict(row)

    def _record(self, row: Row) -> dict[str, Any]:
        """A new version of a record: at least `record_type`, `sourced_id` and `payload`."""
        key = (row["record_type"], row["sourced_id"])
        self._versions[key] = self._versions.get(key, 0) + 1
        self._record_seq += 1
        defaults = {
            "load_id": self._load_id,
            "record_seq": self._record_seq,
            "version": self._versions[key],
            "is_sandbox": False,
            "status": "active",
            "recorded_at": RECORDED_AT,
        }
        return defaults | dict(row) | {"payload": json.dumps(row["payload"])}

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        columns = list(dict.fromkeys(column for row in rows for column in row))
        frame = polars.DataFrame(
            {column: [row.get(column) for row in rows] for column in columns},
            schema_overrides={"event_hash": polars.UInt64} if "event_hash" in columns else None,
            strict=False,
        )
        self.connection.register("arriving", frame.to_arrow())
        self.connection.execute(f"insert into lake.raw.{table} by name select * from arriving")
        self.connection.unregister("arriving")


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    """An install without any raw row."""
    opened = Warehouse(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared_warehouse(
    server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The same for the tests of one file together: build once, ask many questions."""
    opened = Warehouse(make_settings(server_url, tmp_path_factory.mktemp("warehouse")))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def trap_warehouse(
    server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The trap school, all of it in one build, for tests that ask about the project's own tests."""
    opened = Warehouse(make_settings(server_url, tmp_path_factory.mktemp("traps")))
    opened.load(EVENTS, [*ROSTER, *LATE_ROSTER])
    opened.reject([{"event_id": "refused", "event_type": "ViewEvent"}])
    opened.build()
    yield opened
    opened.close()

"""Raw rows written as the loader writes them, one load at a time."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars

Row = Mapping[str, Any]

AS_OF = datetime(2026, 3, 31, 12, tzinfo=UTC)
RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class RawRows:
    """The raw tables of a database that is attached as `database`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: str) -> None:
        self.connection = connection
        self._database = database
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
        self.connection.execute(
            f"insert into {self._database}.raw.{table} by name select * from arriving"
        )
        self.connection.unregister("arriving")

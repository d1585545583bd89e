"""Runs the SQL files in a process of its own: `python -m tests.benchmarks.by_hand OUTPUT AS_OF`.

The install is named by `TIMEBACK_DATA_DIR`, its lake attached read-only; tables are written to
the DuckDB file OUTPUT. The answer is JSON on stdout (see Written).
"""

import resource
import sys
import time
from pathlib import Path

import msgspec

from core import lake, postgres
from core.settings import Settings


class Written(msgspec.Struct):
    """Seconds that it took, the most memory ever held, and the rows of each mart."""

    seconds: float
    peak_bytes: int
    rows: dict[str, int]


def main(output: str, as_of: str) -> None:
    """Write every mart; `as_of` (ISO 8601) is the instant that the rules call now."""
    settings = Settings()
    with lake.open_duckdb(settings) as connection:
        lake.attach(connection, settings, postgres.database_url(settings), read_only=True)
        connection.execute(f"attach '{output}' as written")
        connection.execute("use written")
        connection.execute("set variable as_of = ?::timestamptz", [as_of])
        started = time.perf_counter()
        for path in sorted(Path(__file__).parent.glob("*.sql")):
            connection.execute(path.read_text())
        connection.execute("checkpoint written")
        seconds = time.perf_counter() - started
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'written'"
        ).fetchall()
        rows = {name: len(connection.table(name)) for (name,) in tables}
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    sys.stdout.write(msgspec.json.encode(Written(seconds, peak, rows)).decode() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

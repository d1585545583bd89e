"""A table's files, read without the lake, hold just what the lake shows at each snapshot."""

from pathlib import Path

import duckdb
import psycopg
import pytest

from core import lake
from core.analysis.files import stored_tables
from core.analysis.sandbox import Limits, Sandbox, Table
from core.settings import Settings

KINDS = {"student_id": "varchar", "on_day": "date", "xp": "decimal(18,4)", "tags": "varchar[]"}
FILL = """
    insert into marts.fct_xp
    select 's' || i, date '2026-01-15' + (i % 60)::integer, i / 3, ['a', 's' || i]
    from range({}, {}) as numbers (i)
"""
CHANGES = [
    FILL.format(0, 100),
    FILL.format(100, 200),
    "delete from marts.fct_xp where xp::integer % 3 = 0",
    "update marts.fct_xp set xp = -xp where student_id < 's5'",
    "delete from marts.fct_xp where student_id like '%9'",
    FILL.format(200, 220),
    "call ducklake_merge_adjacent_files('lake')",
    "delete from marts.fct_xp where student_id like '%7'",
    "call ducklake_rewrite_data_files('lake', delete_threshold => 0)",
    "delete from marts.fct_xp",
]


@pytest.fixture
def writer(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The lake, writable, with an empty table that is partitioned by month."""
    connection = lake.open_duckdb(settings)
    assert settings.database_url is not None
    lake.attach(connection, settings, settings.database_url)
    columns = ", ".join(f"{name} {kind}" for name, kind in KINDS.items())
    connection.execute("use lake; create schema marts")
    connection.execute(f"create table marts.fct_xp ({columns})")
    connection.execute("alter table marts.fct_xp set partitioned by (month(on_day))")
    return connection


def test_each_snapshot_reads_as_the_lake_shows_it(
    settings: Settings, writer: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    snapshots = [lake.current_snapshot(writer)]
    for change in CHANGES:
        writer.execute(change)
        snapshots.append(lake.current_snapshot(writer))
    assert settings.database_url is not None
    extensions = str(lake.install_extensions(settings))
    counts, kinds = [], set()
    with psycopg.connect(settings.database_url) as connection:
        for snapshot in snapshots:
            at = f"from marts.fct_xp at (version => {snapshot}) order by all"
            expected = writer.sql(at)
            stored = stored_tables(connection, settings.lake_path, "marts", snapshot)["fct_xp"]
            assert stored.columns == tuple(KINDS)
            assert not stored.is_inlined
            kinds |= {
                (file.is_mixed, file.delete_path is not None, file.is_delete_mixed)
                for file in stored.files
            }
            table = Table("marts", "fct_xp", KINDS, stored.files, snapshot)
            with Sandbox.open(
                [table], Limits(), extensions=extensions, temporary=str(tmp_path)
            ) as sandbox:
                read = sandbox.ask("from fct_xp order by all", limit=0, timeout_seconds=9).table
            assert read.to_pylist() == expected.to_arrow_table().to_pylist(), snapshot
            assert read.schema == expected.to_arrow_table().schema
            counts.append(read.num_rows)
    assert len(set(counts)) > 5
    assert counts[-1] == counts[0] == 0
    assert (False, True, False) in kinds  # with deletes
    assert (False, True, True) in kinds  # with deletes, of which some came later
    writer.close()

"""The lake's files and its catalog after an erasure: only what the newest build needs is left.

The caller holds the locks: nobody else writes to the lake.
"""

from pathlib import Path
from typing import Any

import duckdb
import psycopg

from core import lake
from core.builds.project import PROJECT
from core.settings import Settings

# Least and greatest texts of each column, told anew from the files that are left; a file without
# them leaves the table without.
RECOMPUTE_STATISTICS = """
    with bounds as (
        select
            files.table_id, stats.column_id,
            case when count(stats.min_value) = count(*) then min(stats.min_value collate "C") end
                as least,
            case when count(stats.max_value) = count(*) then max(stats.max_value collate "C") end
                as greatest
        from ducklake.ducklake_data_file as files
        inner join ducklake.ducklake_file_column_stats as stats using (data_file_id, table_id)
        where files.end_snapshot is null
        group by files.table_id, stats.column_id
    )

    update ducklake.ducklake_table_column_stats as known
    set
        min_value = (
            select least from bounds
            where bounds.table_id = known.table_id and bounds.column_id = known.column_id
        ),
        max_value = (
            select greatest from bounds
            where bounds.table_id = known.table_id and bounds.column_id = known.column_id
        )
    from ducklake.ducklake_column as columns
    where
        columns.table_id = known.table_id
        and columns.column_id = known.column_id
        and lower(columns.column_type) = 'varchar'
"""

FORGET_DROPPED_TABLES = """
    delete from ducklake.ducklake_table_column_stats as known
    where not exists (
        select from ducklake.ducklake_table as tables
        where tables.table_id = known.table_id and tables.end_snapshot is null
    )
"""


def compact_raw(
    settings: Settings, connection: psycopg.Connection[Any], duck: duckdb.DuckDBPyConnection
) -> None:
    """Write the raw files anew without the rows that were deleted from them."""
    before = lake.current_snapshot(duck)
    duck.execute("call ducklake_rewrite_data_files('lake', delete_threshold => 0)")
    lake.fsync_files(settings, connection, since_snapshot=before + 1)


def drop_leftovers(duck: duckdb.DuckDBPyConnection) -> None:
    """Drop the tables and views that no model of the project makes any more."""
    models = {path.stem for path in (PROJECT / "models").rglob("*.sql")}
    for kind, listed in (("table", "duckdb_tables()"), ("view", "duckdb_views()")):
        found = duck.execute(
            f"select schema_name, {kind}_name from {listed}"
            " where database_name = 'lake' and schema_name in ('marts', 'intermediate')"
        ).fetchall()
        for schema, name in found:
            if name not in models:
                duck.execute(f'drop {kind} lake."{schema}"."{name}"')


def keep_only_newest(duck: duckdb.DuckDBPyConnection) -> None:
    """Expire every older commit and delete the files that only those, or nobody, needs."""
    newest = lake.current_snapshot(duck)
    older = [
        snapshot
        for (snapshot,) in duck.execute(
            "select snapshot_id from ducklake_snapshots('lake') where snapshot_id < ?", [newest]
        ).fetchall()
    ]
    if older:
        duck.execute(f"call ducklake_expire_snapshots('lake', versions => {older})")
    duck.execute("call ducklake_cleanup_old_files('lake', cleanup_all => true)")
    duck.execute("call ducklake_delete_orphaned_files('lake', cleanup_all => true)")


def recompute_statistics(connection: psycopg.Connection[Any]) -> None:
    """Let the catalog's statistics of whole tables forget the rows that are gone."""
    with connection.transaction():
        connection.execute(FORGET_DROPPED_TABLES)
        connection.execute(RECOMPUTE_STATISTICS)


def remove_files(folder: Path, pattern: str) -> None:
    """Delete the files of a folder that match, and empty folders below it."""
    for path in sorted(folder.glob(pattern), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)

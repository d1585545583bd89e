"""Upkeep of the lake: fewer and larger files, and no snapshot that nobody can read.

Small builds leave small files and delete files, which slow reads.
"""

import logging
from typing import Any

import duckdb
import psycopg

from core import lake
from core.builds import locks
from core.privacy import postgres_traces, retention
from core.settings import Settings

logger = logging.getLogger(__name__)

BUILDS_BETWEEN = 50
GRACE_MINUTES = 10  # a reader may still hold the snapshot that has just been expired


def drop_old_builds(connection: psycopg.Connection[Any], kept: int) -> None:
    """Mark the builds beyond the newest `kept` as dropped; readers no longer find them.

    A build that someone pinned (locks.pin_build) stays until it is let go.
    """
    with locks.holding(connection, locks.KEPT_BUILDS):
        connection.execute(
            "update publishing.builds set status = 'dropped' where status = 'published'"
            " and build_number not in (select build_number from publishing.builds"
            "     where status = 'published' order by build_number desc limit %s)"
            f" and build_number not in ({locks.PINNED_BUILDS})",
            [kept],
        )


def maintain(
    settings: Settings, connection: psycopg.Connection[Any], duck: duckdb.DuckDBPyConnection
) -> None:
    """Let go of what is kept no longer, compact, expire and clean up.

    The caller holds the build lock, `duck` has the lake.
    """
    drop_old_builds(connection, settings.builds_kept)
    retention.apply_to_postgres(settings, connection)
    before = lake.current_snapshot(duck)
    with locks.holding(connection, locks.RAW_TABLES):
        retention.apply_to_lake(settings, duck)
        duck.execute("call ducklake_rewrite_data_files('lake', delete_threshold => 0)")
        duck.execute("call ducklake_merge_adjacent_files('lake')")
        lake.fsync_files(settings, connection, since_snapshot=before + 1)
    kept = {
        row[0]
        for row in connection.execute(
            "select published_snapshot from publishing.builds where status = 'published'"
            " union select source_snapshot from publishing.builds where status = 'published'"
        )
    }
    newest = lake.current_snapshot(duck)
    expired = [
        snapshot
        for (snapshot,) in duck.execute(
            "select snapshot_id from ducklake_snapshots('lake')"
        ).fetchall()
        if snapshot not in kept and snapshot < before and snapshot != newest
    ]
    if expired:
        duck.execute(f"call ducklake_expire_snapshots('lake', versions => {expired})")
    duck.execute(
        "call ducklake_cleanup_old_files('lake',"
        f" older_than => now() - interval '{GRACE_MINUTES} minutes')"
    )
    postgres_traces.scrub_if_needed(settings, connection)
    logger.info("upkeep: %d snapshots expired", len(expired))

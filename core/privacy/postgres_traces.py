"""What PostgreSQL keeps of deleted rows: dead tuples, statistics, the write-ahead log.

On the embedded server all of it is gone when `scrub` returns. A server of your own keeps its log
segments, replicas and backups by its own settings: there `scrub` leaves no row and no statistic.
"""

import time
from typing import Any

import psycopg
from psycopg import sql

from core.server_socket import socket_folder
from core.settings import Settings

OUR_TABLES = """
    select pg_namespace.nspname, pg_class.relname
    from pg_class
    inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where
        pg_class.relkind = 'r'
        and pg_namespace.nspname in (
            'alerting', 'journal', 'registry', 'identity', 'privacy', 'publishing', 'ducklake'
        )
    order by pg_namespace.nspname, pg_class.relname
"""
RELOAD_SECONDS = 5.0


def scrub(settings: Settings, connection: psycopg.Connection[Any]) -> None:
    """Write every table anew without its dead rows, then let go of the old log segments.

    Each table is locked while it is written (the journal is empty but for moments). The connection
    is in autocommit mode.
    """
    for schema, table in connection.execute(OUR_TABLES).fetchall():
        connection.execute(
            sql.SQL("vacuum (full, analyze) {}").format(sql.Identifier(schema, table))
        )
    if is_superuser(connection):
        connection.execute("vacuum full pg_catalog.pg_statistic")
    if is_embedded(settings, connection):
        renew_log(connection)


def scrub_if_needed(settings: Settings, connection: psycopg.Connection[Any]) -> None:
    """Scrub if something came about an erased student since the last time."""
    if connection.execute("select 1 from privacy.state where has_traces").fetchone():
        connection.execute("update privacy.state set has_traces = false")
        scrub(settings, connection)


def is_superuser(connection: psycopg.Connection[Any]) -> bool:
    """Whether the connection may do everything on its server."""
    row = connection.execute(
        "select rolsuper from pg_roles where rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def is_embedded(settings: Settings, connection: psycopg.Connection[Any]) -> bool:
    """Whether the server is the one that lives in this data directory."""
    socket = str(socket_folder(settings.cluster))
    return is_superuser(connection) and connection.info.host == socket


def renew_log(connection: psycopg.Connection[Any]) -> None:
    """Leave no byte of older write-ahead log on disk.

    Old segments are kept under new names to be written over later. So each of these is walked
    through (the rest of a segment that is left is filled with zeros), and removed, not kept.
    """
    connection.execute("alter system set wal_recycle = off")
    _reload(connection, "off")
    try:
        last = _newest_segment(connection)
        while _current_segment(connection) <= last:
            connection.execute("select pg_logical_emit_message(true, 'timeback', '')")
            connection.execute("select pg_switch_wal()")
        connection.execute("select pg_logical_emit_message(true, 'timeback', '')")
        connection.execute("checkpoint")
    finally:
        connection.execute("alter system reset wal_recycle")
        _reload(connection, "on")


def _reload(connection: psycopg.Connection[Any], wanted: str) -> None:
    connection.execute("select pg_reload_conf()")
    deadline = time.monotonic() + RELOAD_SECONDS
    while time.monotonic() < deadline:
        row = connection.execute("show wal_recycle").fetchone()
        if row == (wanted,):
            return
        time.sleep(0.05)


def _newest_segment(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(
        "select max(name) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'"
    ).fetchone()
    return str(row[0]) if row else ""


def _current_segment(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute("select pg_walfile_name(pg_current_wal_insert_lsn())").fetchone()
    return str(row[0]) if row else ""

"""How long what is not needed for figures is kept; raw events stay until a student is erased."""

from typing import Any

import duckdb
import psycopg
from psycopg import sql

from core.settings import Settings

SIGN_IN_ACTIONS = ("sign_in", "sign_in.failed", "sign_out", "token.issue")
DELETE_SIGN_INS = """
    delete from identity.audit_log
    where action = any(%(actions)s) and occurred_at < now() - make_interval(days => %(days)s)
"""
DELETE_AUDIT = """
    delete from identity.audit_log where occurred_at < now() - make_interval(days => %(days)s)
"""
# Sessions, grants and failed attempts: tables of identity that say when a row ends.
ENDING_TABLES = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'identity' and column_name in ('expires_at', 'last_failed_at')
"""
IS_OLD = "payload is not null and received_at < now() - to_days($days)"


def apply_to_postgres(settings: Settings, connection: psycopg.Connection[Any]) -> None:
    """Delete audit rows and sign-in records that are older than the settings keep them."""
    days = settings.retention_sign_in_days
    connection.execute(DELETE_AUDIT, {"days": settings.retention_audit_days})
    connection.execute(DELETE_SIGN_INS, {"days": days, "actions": list(SIGN_IN_ACTIONS)})
    for table, column in connection.execute(ENDING_TABLES).fetchall():
        connection.execute(
            sql.SQL("delete from {} where {} < now() - make_interval(days => %s)").format(
                sql.Identifier("identity", table), sql.Identifier(column)
            ),
            [days],
        )


def apply_to_lake(settings: Settings, duck: duckdb.DuckDBPyConnection) -> None:
    """Forget what old refused events said; that they were refused, and why, stays.

    The caller holds RAW_TABLES and compacts afterwards; the bytes go with the last build that has
    them.
    """
    parameters = {"days": settings.retention_rejected_payload_days}
    if duck.execute(
        f"select 1 from lake.raw.rejections where {IS_OLD} limit 1", parameters
    ).fetchone():
        duck.execute(f"update lake.raw.rejections set payload = null where {IS_OLD}", parameters)

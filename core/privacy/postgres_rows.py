"""An erased student's rows in PostgreSQL: registry, logins, and their id in the audit log."""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from core.privacy.erased import Erased
from core.privacy.lake_rows import is_about

# Records whose text may name the student; escapes (quotes, per cent signs) are looked at closer.
CANDIDATES = """
    select record_type, sourced_id, payload from registry.records
    where
        position(%(id)s in payload::text) > 0
        or position('%%' in payload::text) > 0
        or position('\' in payload::text) > 0
"""
REFERRERS = """
    select distinct columns.table_schema, columns.table_name
    from information_schema.columns as columns
    where
        columns.table_schema = 'identity'
        and columns.column_name = 'person_id'
        and columns.table_name <> 'people'
"""


def erase_rows(
    connection: psycopg.Connection[Any], erased: Erased, student_id: str, pseudonym: str
) -> None:
    """Delete the student from registry and identity; the audit log keeps the pseudonym instead.

    Writers of the registry wait, so that none names the student after it.
    """
    with connection.transaction():
        connection.execute("lock table registry.records in share row exclusive mode")
        _erase_records(connection, erased, student_id)
        _erase_logins(connection, student_id)
        connection.execute(
            "update identity.audit_log set student_id = %s where student_id = %s",
            [pseudonym, student_id],
        )
        _rename_in_details(connection, erased, student_id)
        connection.execute(
            "update publishing.builds set details = details - 'failures' - 'error'"
            " where position(%s in details::text) > 0",
            [student_id],
        )
        connection.execute(
            "update publishing.build_requests set error = 'failed' where position(%s in error) > 0",
            [student_id],
        )


def _erase_records(connection: psycopg.Connection[Any], erased: Erased, student_id: str) -> None:
    for record_type, sourced_id, payload in connection.execute(
        CANDIDATES, {"id": student_id}
    ).fetchall():
        key = [record_type, sourced_id]
        if is_about(erased, record_type, sourced_id, payload):
            connection.execute(
                "delete from registry.records where record_type = %s and sourced_id = %s", key
            )
            continue
        kept = erased.without(payload)
        if kept != payload:
            connection.execute(
                "update registry.records set payload = %s"
                " where record_type = %s and sourced_id = %s",
                [Jsonb(kept), *key],
            )


def _rename_in_details(
    connection: psycopg.Connection[Any], erased: Erased, student_id: str
) -> None:
    for audit_id, details in connection.execute(
        "select audit_id, details from identity.audit_log where position(%s in details::text) > 0",
        [student_id],
    ).fetchall():
        connection.execute(
            "update identity.audit_log set details = %s where audit_id = %s",
            [Jsonb(erased.without(details)), audit_id],
        )


def _erase_logins(connection: psycopg.Connection[Any], student_id: str) -> None:
    people = [
        person_id
        for (person_id,) in connection.execute(
            "select person_id from identity.people where user_id = %s", [student_id]
        )
    ]
    if not people:
        return
    for schema, table in connection.execute(REFERRERS).fetchall():
        connection.execute(
            sql.SQL("delete from {} where person_id = any(%s)").format(
                sql.Identifier(schema, table)
            ),
            [people],
        )
    connection.execute("delete from identity.people where person_id = any(%s)", [people])

"""The alerts that were written, from the outbox."""

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

Rows = list[dict[str, Any]]

MOST_SHOWN = 1000  # newest alerts; the outbox keeps a month

ALERTS = """
select
    alert_id, kind, local_on, status as alert_status, recipient, subject, attempts, error,
    cardinality(student_ids) as student_count, created_at, finished_at
from alerting.outbox
where created_at >= %(since)s
order by created_at desc, alert_id desc
limit %(most)s
"""

ALERT = """
select
    alert_id, kind, local_on, status as alert_status, recipient, subject, attempts, error,
    cardinality(student_ids) as student_count, created_at, finished_at,
    text_body, html_body, student_ids
from alerting.outbox
where alert_id = %(alert)s
"""


def alerts(connection: psycopg.Connection[Any], since: datetime) -> Rows:
    """Alerts written since then, newest first, without their texts."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(ALERTS, {"since": since, "most": MOST_SHOWN}).fetchall()


def alert(connection: psycopg.Connection[Any], alert_id: int) -> dict[str, Any] | None:
    """One alert with its text; None if there is none."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(ALERT, {"alert": alert_id}).fetchone()

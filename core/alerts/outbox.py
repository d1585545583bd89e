"""The outbox: each alert is written here before it is sent, once a person, kind and local day.

The row is claimed and committed as `sending` before the mail server hears of it. So an alert goes
out at most once a day, whatever crashes; one that crashed on the way stays `sending`.
"""

from datetime import date, timedelta
from typing import Any, Literal, get_args

import psycopg

from core.alerts.digest import Digest
from core.alerts.kinds import KindName
from core.alerts.recipients import Alert, Due
from core.errors import NotFoundError

Outcome = Literal["sent", "held", "nothing", "failed", "uncertain"]
MOST_ATTEMPTS = 5
KEPT = timedelta(days=30)  # long enough to ask what was written; texts name students

# 1, 4, 16 and 64 minutes after the attempts before.
MAY_TRY_AGAIN = f"""
outbox.status = 'failed' and outbox.attempts < {MOST_ATTEMPTS}
and outbox.finished_at < now() - interval '1 minute' * 4 ^ (outbox.attempts - 1)
"""

SETTLED = f"""
select person_id::text, kind, local_on from alerting.outbox
where local_on >= %s and not ({MAY_TRY_AGAIN})
"""

CLAIM = f"""
insert into alerting.outbox (person_id, kind, local_on, status, recipient)
values (%(person)s, %(kind)s, %(day)s, 'sending', %(recipient)s)
on conflict (person_id, kind, local_on) do update
    set status = 'sending', attempts = outbox.attempts + 1, error = null, finished_at = null,
        recipient = excluded.recipient
    where {MAY_TRY_AGAIN}
returning alert_id
"""


def settled(connection: psycopg.Connection[Any], since: date) -> set[Alert]:
    """Alerts of the days since then that are not to be written, now or ever again."""
    return set(connection.execute(SETTLED, [since]).fetchall())


def claim(connection: psycopg.Connection[Any], due: Due, recipient: str) -> int | None:
    """Take an alert, for good: its id, or None if it was taken before or waits for a new try."""
    row = connection.execute(
        CLAIM,
        {
            "person": due.person_id,
            "kind": due.kind.name,
            "day": due.local_on,
            "recipient": recipient,
        },
    ).fetchone()
    return row[0] if row else None


def write(connection: psycopg.Connection[Any], alert_id: int, digest: Digest) -> bool:
    """Keep what is about to be sent, and whom it is about; within a transaction.

    False, and nothing is kept, if one of them is no longer in the registry: erased, since it was
    composed. Their records are locked, so that an erasure waits and then finds the text.
    """
    students = sorted(set(digest.student_ids))
    there = connection.execute(
        "select 1 from registry.records where record_type = 'user' and sourced_id = any(%s)"
        " for share",
        [students],
    ).fetchall()
    if len(there) < len(students):
        return False
    connection.execute(
        "update alerting.outbox set subject = %s, text_body = %s, html_body = %s,"
        " student_ids = %s, build_id = %s where alert_id = %s",
        [digest.subject, digest.text, digest.html, students, digest.build_id, alert_id],
    )
    return True


def finish(
    connection: psycopg.Connection[Any], alert_id: int, outcome: Outcome, error: str | None = None
) -> None:
    """Say how it ended."""
    connection.execute(
        "update alerting.outbox set status = %s, error = %s, finished_at = now()"
        " where alert_id = %s",
        [outcome, error, alert_id],
    )


def forget_old(connection: psycopg.Connection[Any]) -> None:
    """Delete alerts that are kept no longer."""
    connection.execute(
        "delete from alerting.outbox where created_at < now() - %s::interval", [KEPT]
    )


def set_muted(connection: psycopg.Connection[Any], email: str, *, is_muted: bool) -> str:
    """Write someone no more alerts of any kind, or write them again; returns who it is.

    404 if nobody has a login with that address.
    """
    row = connection.execute(
        "select person_id::text from identity.people where lower(email) = lower(%s)", [email]
    ).fetchone()
    if row is None:
        raise NotFoundError(f"Nobody signs in as {email}.", code="unknown_person")
    person_id = str(row[0])
    if is_muted:
        connection.execute(
            "insert into alerting.muted (person_id, kind)"
            " select %s, kind from unnest(%s::text[]) as kinds (kind) on conflict do nothing",
            [person_id, list(get_args(KindName))],
        )
    else:
        connection.execute("delete from alerting.muted where person_id = %s", [person_id])
    return person_id

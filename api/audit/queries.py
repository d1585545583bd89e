"""Rows of the audit log that a viewer may read, with names as the roster has them now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import psycopg
from psycopg.rows import dict_row

from api.formats import Listing
from api.paging import Page
from core import access
from core.access import Condition, Viewer, all_of
from core.errors import ForbiddenError
from core.privacy.erased import pseudonym_if_erased

ENTRIES = """
    with log as (
        select * from identity.audit_log as log where {where}
        order by occurred_at desc, audit_id desc
        limit %(limit)s offset %(offset)s
    )

    select
        log.audit_id, log.occurred_at, log.actor_kind, log.actor_id,
        case log.actor_kind
            when 'person' then coalesce({actor_name}, people.email)
            when 'client' then clients.name
        end as actor_name,
        log.action, log.student_id, {student_name} as student_name, log.details::text as details
    from log
    left join identity.people as people
        on log.actor_kind = 'person' and people.person_id::text = log.actor_id
    left join registry.records as actor
        on actor.record_type = 'user' and actor.sourced_id = people.user_id
    left join identity.clients as clients
        on log.actor_kind = 'client' and clients.client_id = log.actor_id
    left join registry.records as student
        on student.record_type = 'user' and student.sourced_id = log.student_id
    order by log.occurred_at desc, log.audit_id desc
"""
NAME = "nullif(trim(concat_ws(' ', {0}.payload ->> 'givenName', {0}.payload ->> 'familyName')), '')"
TOTALS = """
    select
        count(*) as entry_count, count(distinct (log.actor_kind, log.actor_id)) as actor_count,
        count(distinct log.student_id) as student_count
    from identity.audit_log as log where {where}
"""
DAYS = """
    select
        (log.occurred_at at time zone %(zone)s)::date as date, count(*) as entry_count,
        count(distinct (log.actor_kind, log.actor_id)) as actor_count,
        count(distinct log.student_id) as student_count
    from identity.audit_log as log where {where}
    group by 1 order by 1 desc
"""
COLUMNS: dict[str, pl.DataType] = {
    "audit_id": pl.Int64(),
    "occurred_at": pl.Datetime("us", "UTC"),
    "actor_kind": pl.String(),
    "actor_id": pl.String(),
    "actor_name": pl.String(),
    "action": pl.String(),
    "student_id": pl.String(),
    "student_name": pl.String(),
    "details": pl.String(),
}


@dataclass(frozen=True)
class EntryFilter:
    """Which rows: of one student, one actor (id or e-mail), one action or group of actions."""

    student_id: str | None
    actor: str | None
    action: str | None
    since: datetime | None
    until: datetime | None


def conditions(
    connection: psycopg.Connection[Any], viewer: Viewer, chosen: EntryFilter
) -> Condition:
    """The rows that were asked for and that the viewer may read.

    Platform admins and admin clients read all, a school's admin the rows about its students; 403
    for everyone else.
    """
    return all_of(_sight(connection, viewer), *_chosen(connection, chosen))


def entries(connection: psycopg.Connection[Any], where: Condition, page: Page) -> Listing:
    """One page of rows, newest first."""
    sql = ENTRIES.format(
        where=where.sql, actor_name=NAME.format("actor"), student_name=NAME.format("student")
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql, where.parameters | page.parameters).fetchall()
    frame = pl.DataFrame(rows, schema=COLUMNS)
    return Listing(frame, page, totals(connection, where)["entry_count"])


def totals(connection: psycopg.Connection[Any], where: Condition) -> dict[str, int]:
    """How many rows, actors and students there are in all."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(TOTALS.format(where=where.sql), where.parameters).fetchone()
    assert found is not None  # noqa: S101  an aggregate always answers
    return found


def days(connection: psycopg.Connection[Any], where: Condition, zone: str) -> list[dict[str, Any]]:
    """The same for each day of a time zone, newest first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            DAYS.format(where=where.sql), where.parameters | {"zone": zone}
        ).fetchall()


def known_student(connection: psycopg.Connection[Any], student_id: str | None) -> str | None:
    """The student as the log may name them: nobody whom the roster lacks, a pseudonym if erased."""
    if student_id is None:
        return None
    row = connection.execute(
        "select sourced_id from registry.records where record_type = 'user' and sourced_id = %s",
        [student_id],
    ).fetchone()
    return row[0] if row else pseudonym_if_erased(connection, student_id)


def _sight(connection: psycopg.Connection[Any], viewer: Viewer) -> Condition | None:
    if viewer.sees_everything:
        return None
    if viewer.kind != "person" or "admin" not in viewer.roles:
        raise ForbiddenError("The access log is for admins.", code="role_required")
    sight = access.sight_of(connection, viewer)
    return Condition(
        "log.student_id = any(%(seen_students)s)", {"seen_students": list(sight.student_ids or ())}
    )


def _chosen(connection: psycopg.Connection[Any], chosen: EntryFilter) -> list[Condition | None]:
    student_id = chosen.student_id and chosen.student_id.replace("\0", "")
    if student_id:
        student_id = pseudonym_if_erased(connection, student_id) or student_id
    sent: list[tuple[Any, str, str]] = [
        (student_id, "student_id", "log.student_id = %(student_id)s"),
        (chosen.since, "since", "log.occurred_at >= %(since)s"),
        (chosen.until, "until", "log.occurred_at <= %(until)s"),
        (
            chosen.actor and chosen.actor.replace("\0", ""),
            "actor",
            "log.actor_id = %(actor)s or log.actor_id in (select person_id::text"
            " from identity.people where lower(email) = lower(%(actor)s))",
        ),
        (
            chosen.action and chosen.action.replace("\0", ""),
            "action",
            "log.action = %(action)s or starts_with(log.action, %(action)s || '.')",
        ),
    ]
    return [Condition(sql, {name: value}) for value, name, sql in sent if value]

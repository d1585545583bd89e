"""Reads of the registry: one record or a page of them, as one viewer sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg
from psycopg.types.json import Jsonb

from core.access import Condition
from core.registry.filters import json_path
from core.registry.types import RecordType
from core.registry.visibility import RosterSight

SEEN = """
{ctes}
seen as (
    select
        records.record_type, records.sourced_id,
        {payload} || jsonb_build_object(
            'dateLastModified',
            to_char(records.modified_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) as body
    from registry.records as records
    where records.record_type = any(%(record_types)s) and {rows}
)
"""
ONE = """
select body from seen where sourced_id = %(sourced_id)s and body @> %(contains)s
"""
PAGE = """,
matched as (
    select record_type, sourced_id, body from seen where {matches}
),
page as (
    select body, row_number() over ({order}) as place from matched
    {order} limit %(limit)s offset %(offset)s
)
select
    (select count(*) from matched) as total,
    (select coalesce(jsonb_agg(body order by place), '[]') from page) as bodies
"""


@dataclass(frozen=True)
class Question:
    """Which records of a list, in which order.

    `where` are conditions on `body`, the record as the viewer sees it; ties break by sourcedId.
    """

    limit: int = 100
    offset: int = 0
    sort: str = "sourcedId"
    order: Literal["asc", "desc"] = "asc"
    contains: Mapping[str, Any] = field(default_factory=dict)
    where: tuple[Condition, ...] = ()


def find_one(
    connection: psycopg.Connection[Any],
    sight: RosterSight,
    kind: RecordType,
    sourced_id: str,
    contains: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """The record with that id, or None if it is not there or not seen."""
    sql, parameters = _seen(sight, kind)
    parameters |= {"sourced_id": sourced_id, "contains": Jsonb(dict(contains or {}))}
    row = connection.execute((sql + ONE).encode(), parameters).fetchone()
    return None if row is None else dict(row[0])


def find_page(
    connection: psycopg.Connection[Any], sight: RosterSight, kind: RecordType, question: Question
) -> tuple[list[dict[str, Any]], int]:
    """The records of one page, and how many the whole list has."""
    sql, parameters = _seen(sight, kind)
    matches = ["body @> %(contains)s"]
    for condition in question.where:
        matches.append(condition.sql)
        parameters |= condition.parameters
    direction = "desc" if question.order == "desc" else "asc"
    order = (
        f"order by jsonb_path_query_first(body, %(sort)s::jsonpath) {direction} nulls last,"
        " sourced_id, record_type"
    )
    parameters |= {
        "contains": Jsonb(dict(question.contains)),
        "sort": json_path(question.sort),
        "limit": question.limit,
        "offset": question.offset,
    }
    page = PAGE.format(matches=" and ".join(matches), order=order)
    row = connection.execute((sql + page).encode(), parameters).fetchone()
    assert row is not None  # noqa: S101  an aggregate always answers
    return list(row[1]), int(row[0])


def _seen(sight: RosterSight, kind: RecordType) -> tuple[str, dict[str, Any]]:
    rows, payload = sight.rows(kind.name), sight.payload(kind.name)
    sql = SEEN.format(
        ctes=f"{sight.ctes}," if sight.ctes else "with", payload=payload.sql, rows=rows.sql
    )
    parameters = {"record_types": list(kind.stored_as), **sight.parameters}
    return sql, parameters | rows.parameters | payload.parameters

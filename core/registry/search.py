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
    registry.records as records
    cross join lateral (
        select {payload} || jsonb_build_object(
            'dateLastModified',
            to_char(records.modified_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) as body
    ) as shown
"""
ONE = """
{ctes}
select shown.body from {seen}
where
    records.record_type = any(%(record_types)s) and records.sourced_id = %(sourced_id)s
    and records.payload @> %(contains)s and {rows}
"""
PAGE = """
{ctes}{also}
matched as materialized (
    select records.record_type, records.sourced_id, {sort_key} as sort_key
    from {seen}
    where
        records.record_type = any(%(record_types)s) and records.payload @> %(contains)s
        and {rows} and {matches}
),

page as (
    select record_type, sourced_id, row_number() over ({order}) as place
    from matched
    {order} limit %(limit)s offset %(offset)s
)

select
    (select count(*) from matched) as total,
    (
        select coalesce(jsonb_agg(shown.body order by page.place), '[]')
        from page join {seen} using (record_type, sourced_id)
    ) as bodies
"""


@dataclass(frozen=True)
class Question:
    """Which records of a list, in which order.

    `where` are conditions on `records` and on `shown.body`, the record as the viewer sees it;
    ties break by sourcedId.
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
    parts, parameters = _parts(sight, kind)
    parameters |= {"sourced_id": sourced_id, "contains": Jsonb(dict(contains or {}))}
    row = connection.execute(ONE.format(**parts).encode(), parameters).fetchone()
    return None if row is None else dict(row[0])


def find_page(
    connection: psycopg.Connection[Any], sight: RosterSight, kind: RecordType, question: Question
) -> tuple[list[dict[str, Any]], int]:
    """The records of one page, and how many the whole list has."""
    parts, parameters = _parts(sight, kind)
    for condition in question.where:
        parameters |= condition.parameters
    by_id = question.sort == "sourcedId"
    document = sight.document(kind.name, question.sort.split(".")[0])
    direction = "desc" if question.order == "desc" else "asc"
    last = f"sourced_id {direction if by_id else 'asc'}, record_type"
    page = PAGE.format(
        **parts,
        also="," if sight.ctes else "with",
        matches=" and ".join(["true", *(condition.sql for condition in question.where)]),
        sort_key="null" if by_id else f"jsonb_path_query_first({document}, %(sort)s::jsonpath)",
        order=f"order by sort_key {direction} nulls last, {last}",
    )
    parameters |= {
        "contains": Jsonb(dict(question.contains)),
        "sort": json_path(question.sort),
        "limit": question.limit,
        "offset": question.offset,
    }
    row = connection.execute(page.encode(), parameters).fetchone()
    assert row is not None  # noqa: S101  an aggregate always answers
    return list(row[1]), int(row[0])


def _parts(sight: RosterSight, kind: RecordType) -> tuple[dict[str, str], dict[str, Any]]:
    rows, payload = sight.rows(kind.name), sight.payload(kind.name)
    parts = {"ctes": sight.ctes, "seen": SEEN.format(payload=payload.sql), "rows": rows.sql}
    parameters = {"record_types": list(kind.stored_as), **sight.parameters}
    return parts, parameters | rows.parameters | payload.parameters

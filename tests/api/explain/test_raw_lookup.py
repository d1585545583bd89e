"""Raw is read by its days: events of other months cost nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.events import sent
from api.explain.queries import events
from api.reading import Reading
from core import lake
from core.access import Condition, Sight, Viewer
from core.builds.reader import PublishedLake
from core.context import open_context
from tests.api import school
from tests.conftest import make_settings

MONTHS, EVENTS = 6, 2000
OPERATOR = Viewer("client", "operator", frozenset(), mode="admin")

RAW = """
    insert into lake.raw.events by name
    with numbers as (
        select
            unnest(generate_series(1, {events})) as number,
            timestamptz '2025-0{month}-01 00:00:00Z' + to_minutes(20 * number) as event_time
    )
    select
        {month} as load_id, {month} * {events} + number as journal_seq, 0 as event_index,
        uuid() as receipt_id, 'reading' as client_id, event_time as received_at,
        (event_time at time zone 'UTC')::date as day, event_time,
        'event-{month}-' || number as event_id, 'GradeEvent' as event_type,
        'student-' || number % 20 as student_ref, 'said-{month}-' || number as payload
    from numbers
    order by day, student_ref, event_time
"""

VERDICTS = """
    insert into lake.marts.fct_event_verdicts by name
    select
        load_id, journal_seq, event_index, receipt_id, client_id, received_at, event_id,
        event_type, student_ref as student_id, event_time as occurred_at, 'accepted' as verdict
    from lake.raw.events
"""


class Watched(PublishedLake):
    """A lease that also keeps what each query read, by table."""

    reads: list[dict[str, tuple[int, int]]]

    def rows(self, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
        plan = self.cursor.execute(f"explain (analyze, format json) {sql}", parameters).fetchall()
        self.reads.append(dict(scans(json.loads(plan[0][1]))))
        return super().rows(sql, parameters)


def scans(node: dict[str, Any]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Files read of each table of a plan, and rows that came out of its scan."""
    said = node.get("extra_info", {})
    if "Total Files Read" in said:
        yield (
            said["Table"].split(".")[-1],
            (
                int(said["Total Files Read"]),
                node["operator_cardinality"],
            ),
        )
    for child in node.get("children", []):
        yield from scans(child)


@pytest.fixture(scope="module")
def watched(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """Half a year of events, a file a month."""
    path: Path = tmp_path_factory.mktemp("half-a-year")
    settings = make_settings(server_url, path / "data")
    assert settings.database_url is not None
    school.publish(settings, {}, "empty", school.AS_OF)
    with lake.open_duckdb(settings) as connection:
        lake.attach(connection, settings, settings.database_url)
        for month in range(1, MONTHS + 1):
            connection.execute(RAW.format(month=month, events=EVENTS))
        connection.execute(VERDICTS)
    school.publish(settings, {}, "half-a-year", school.AS_OF)
    with (
        open_context(settings) as context,
        context.database.connection() as database,
        context.lake.lease("half-a-year") as published,
    ):
        kept = Watched(published.build, published.cursor, published.database)
        kept.reads = []
        yield Reading(OPERATOR, Sight(), database, kept)


def one_event(reading: Reading) -> dict[str, Any]:
    published = reading.lake.cursor.execute(
        "select * from marts.fct_event_verdicts where event_id = 'event-3-700'"
    )
    row: dict[str, Any] = published.pl().row(0, named=True)
    return row | {"status": "accepted"}


def raw_reads(reading: Reading) -> list[tuple[int, int]]:
    assert isinstance(reading.lake, Watched)
    return [read["events"] for read in reading.lake.reads if "events" in read]


def test_the_payload_of_one_event_is_read_from_the_file_of_its_month(watched: Reading) -> None:
    found = sent.as_sent(watched, one_event(watched) | {"session_id": None})
    assert found is not None
    assert found["payload"] == "said-3-700"
    assert raw_reads(watched)[-1] == (1, 1)


def test_a_students_events_of_a_day_are_read_from_one_file(watched: Reading) -> None:
    row = one_event(watched)
    day = sent.utc_day(row["occurred_at"])
    found = events.sent(watched, row["student_id"], [day], Condition("true"))
    assert "said-3-700" in [event["payload"] for event in found]
    assert {event["student_id"] for event in found} == {row["student_id"]}
    files, rows = raw_reads(watched)[-1]
    assert files == 1
    assert rows == len(found)


def test_of_days_far_apart_the_months_between_are_not_read(watched: Reading) -> None:
    wanted = events.named(["event-1-1", "event-6-1"])
    days = [school.DAY.replace(year=2025, month=month, day=1) for month in (1, 6)]
    found = events.sent(watched, "student-1", days, wanted)
    assert [event["payload"] for event in found] == ["said-1-1", "said-6-1"]
    assert raw_reads(watched)[-1][0] == 2

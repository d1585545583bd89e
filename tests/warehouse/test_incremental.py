"""Late, repeated and reordered arrivals in small builds give what one full build gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.raw_rows import AS_OF
from tests.warehouse.trap_school import EVENTS, LATE_ROSTER, ROSTER

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]  # five builds

Marts = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Story:
    """The marts after each step, and after a full build of the same raw rows."""

    steps: list[Marts]
    rebuilt: Marts
    verdicts: list[Mapping[str, tuple[str, str | None, str | None]]]


def marts(warehouse: Warehouse) -> Marts:
    """Every row of every mart."""
    names = warehouse.rows(
        "select table_name from duckdb_tables()"
        " where database_name = 'lake' and schema_name = 'marts' order by all"
    )
    return {name: warehouse.table(f"marts.{name}") for (name,) in names}


def verdicts(warehouse: Warehouse) -> Mapping[str, tuple[str, str | None, str | None]]:
    """Verdict, reason and warning of each event id's winner."""
    return {
        event_id: (verdict, reason, warning)
        for event_id, verdict, reason, warning in warehouse.rows(
            "select event_id, verdict, reason, warning from lake.marts.fct_event_verdicts"
            " where verdict not in ('duplicate', 'conflict')"
        )
    }


@pytest.fixture(scope="module")
def story(shared_warehouse: Warehouse) -> Story:
    """Four builds and a full one.

    Events in the wrong order, then the rest, then the roster that some waited for, then a day of
    silence, then everything from nothing.
    """
    steps, judged = [], []
    half = len(EVENTS) // 2
    for events, records, as_of in (
        (EVENTS[:half:-1], ROSTER, AS_OF),
        (EVENTS[: half + 1], [], AS_OF),
        ([], LATE_ROSTER, AS_OF),
        ([], [], AS_OF + timedelta(days=1)),
    ):
        shared_warehouse.load(events, records)
        shared_warehouse.build(as_of=as_of)
        steps.append(marts(shared_warehouse))
        judged.append(verdicts(shared_warehouse))
    shared_warehouse.build(full_refresh=True, as_of=AS_OF + timedelta(days=1))
    return Story(steps, marts(shared_warehouse), judged)


def test_small_builds_equal_one_full_build_row_for_row(story: Story) -> None:
    assert story.rebuilt.keys() == story.steps[-1].keys()
    assert story.rebuilt["fct_sessions"]
    for name, rows in story.rebuilt.items():
        assert story.steps[-1][name] == rows, name


def test_an_event_that_waits_for_its_lesson_heals_by_itself(story: Story) -> None:
    assert story.verdicts[1]["waits"] == ("quarantined", "unknown_lesson", None)
    assert story.verdicts[2]["waits"] == ("accepted", None, None)


def test_a_pending_enrollment_is_found_when_it_lands(story: Story) -> None:
    assert story.verdicts[1]["x5"] == ("accepted", None, "pending_enrollment")
    assert story.verdicts[2]["x5"] == ("accepted", None, None)


def test_every_event_has_exactly_one_verdict(story: Story) -> None:
    assert len(story.rebuilt["fct_event_verdicts"]) == len(EVENTS)


def test_the_first_arrival_of_an_id_counts(story: Story, shared_warehouse: Warehouse) -> None:
    assert story.rebuilt
    assert shared_warehouse.rows(
        "select verdict, count(*) from lake.marts.fct_event_verdicts"
        " where event_id = 'v1' group by all order by all"
    ) == [("accepted", 1), ("conflict", 1), ("duplicate", 1)]

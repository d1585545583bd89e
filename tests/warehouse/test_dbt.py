"""dbt by hand: every unit test passes, and it makes what builds make, full and small."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dbt.artifacts.schemas.run import RunResult

from core import lake
from core.builds.plan import Plan
from core.builds.runner import by_hand
from core.settings import Settings
from tests.conftest import make_settings
from tests.warehouse.conftest import Warehouse
from tests.warehouse.native import NativeWarehouse
from tests.warehouse.raw_rows import AS_OF, Row
from tests.warehouse.trap_school import DAY, EVENTS, LATE_ROSTER, ROSTER, minutes, view, xp

pytestmark = pytest.mark.timeout(900)  # dbt takes its time for each of 400 nodes, and once more

Rows = Mapping[str, list[tuple[Any, ...]]]
LATE = [
    view("late-view", DAY + minutes(3)),
    xp("late-xp", DAY + minutes(50), 9, "attempt-1"),  # corrects what was credited
    EVENTS[0],  # again
]


@dataclass
class Story:
    """What dbt and the plan made of the same loads, after each build."""

    outcomes: list[Sequence[RunResult]] = field(default_factory=list)
    by_dbt: list[Rows] = field(default_factory=list)
    by_plan: list[Rows] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(
    server_url: str, compiled: Plan, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The trap school: half of it in a full build, the rest and what it waited for in a small one.

    Beside it come late, repeated and corrected events.
    """
    settings = make_settings(server_url, tmp_path_factory.mktemp("by-hand"))
    hand, native = Warehouse(settings), NativeWarehouse(settings, compiled)
    told = Story()
    half = len(EVENTS) // 2
    for command, events, records, as_of in (
        (["build", "--full-refresh"], EVENTS[:half:-1], ROSTER, AS_OF),
        (
            ["build", "--exclude-resource-type", "unit_test"],
            [*EVENTS[: half + 1], *LATE],
            LATE_ROSTER,
            AS_OF + timedelta(days=1),
        ),
    ):
        load_both(hand, native, events, records)
        told.outcomes.append(hand.run_dbt(*command, as_of=as_of.isoformat()))
        native.build(as_of)
        told.by_dbt.append(lasting(settings, compiled))
        told.by_plan.append(native.lasting())
    yield told
    hand.close()
    native.close()


def load_both(
    hand: Warehouse, native: NativeWarehouse, events: Sequence[Row], records: Sequence[Row]
) -> None:
    hand.load(events, records)
    native.load(events, records)


def lasting(settings: Settings, plan: Plan) -> Rows:
    """Every row of every lasting model that dbt made by hand."""
    path: Path = by_hand(settings)
    with lake.open_duckdb(settings) as connection:
        connection.execute(f"attach '{path}' as warehouse (read_only)")
        return {
            step.relation.name: connection.execute(
                f"from {step.relation.lasting} order by all"
            ).fetchall()
            for step in plan.lasting
        }


def test_every_branch_of_every_rule(story: Story) -> None:
    outcomes = {
        result.node.name: str(result.status)
        for result in story.outcomes[0]
        if str(result.node.resource_type) == "unit_test"
    }
    assert len(outcomes) > 100
    assert {name for name, status in outcomes.items() if status != "pass"} == set()


@pytest.mark.parametrize("build", [0, 1], ids=["full", "small"])
def test_every_model_and_test_of_a_build_by_hand_succeeds(story: Story, build: int) -> None:
    results = story.outcomes[build]
    failed = {
        result.node.name: result.message
        for result in results
        if str(result.status) not in {"success", "pass", "no-op", "skipped"}
    }
    assert failed == {}
    assert sum(str(result.node.resource_type) == "model" for result in results) > 100


@pytest.mark.parametrize("build", [0, 1], ids=["full", "small"])
def test_dbt_by_hand_makes_what_the_plan_makes(story: Story, build: int) -> None:
    by_dbt, by_plan = story.by_dbt[build], story.by_plan[build]
    assert by_dbt.keys() == by_plan.keys()
    assert [name for name, rows in by_plan.items() if by_dbt[name] != rows] == []

"""Small builds give what one full build gives, whatever happens and however it is cut."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.builds.plan import Kind, Plan
from core.settings import Settings
from tests.warehouse import invented
from tests.warehouse.invented import roster
from tests.warehouse.invented.changes import changes
from tests.warehouse.native import NativeWarehouse
from tests.warehouse.raw_rows import Row

pytestmark = pytest.mark.timeout(1800)

# Kept for good: more than a rebuild has costs time and is never wrong.
NOTES = {"int_lessons__begun", "int_lessons__linked"}
STUDENTS = 4
LANDING = {
    "lesson",
    "enrollment",
    "academicSession",
}  # what nothing else needs may come after what names it
EVERY = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("plan"))


def test_who_reads_a_model_as_it_was_comes_before_it(compiled: Plan) -> None:
    """The plan's order, and dbt's own: the reader is among what the model reads."""
    ancestors: dict[str, set[str]] = {}
    for step in compiled.steps:
        read = set(step.reads)
        ancestors[step.relation.name] = read.union(*(ancestors[name] for name in read))
    lasting = {step.relation.name for step in compiled.lasting}
    for step in compiled.steps:
        for former in step.reads_former:
            assert former in lasting
            name = step.relation.name
            assert name == former or name in ancestors[former], f"{name} reads {former}"


def test_every_mart_says_what_makes_its_rows_unique(
    compiled: Plan,
) -> None:
    assert [step.relation.name for step in compiled.marts if not step.unique_key] == []
    assert {step.kind for step in compiled.marts} == {Kind.LASTING}


def test_what_a_full_build_keeps_otherwise_is_gone_before_a_small_one(compiled: Plan) -> None:
    """A view cannot be replaced by a table, nor the other way round."""
    differing = {step.relation.name for step in compiled.steps if step.kind is not step.full_kind}
    dropped = {step.relation.name for steps in compiled.read_last().values() for step in steps}
    assert differing
    assert differing <= dropped


@pytest.mark.parametrize("examples", [5, pytest.param(60, marks=pytest.mark.long)])
def test_any_cut_into_small_builds_equals_a_rebuild(
    install: Settings, compiled: Plan, examples: int
) -> None:
    @settings(EVERY, max_examples=examples)
    @given(chance=st.randoms(use_true_random=True))
    def story(chance: random.Random) -> None:
        told = NativeWarehouse(install, compiled)
        try:
            for events, records, hours_before_the_end in moments(chance):
                told.load(events, records)
                told.build(roster.AS_OF - timedelta(hours=hours_before_the_end))
            assert_rebuilt_equal(told)
        finally:
            told.close()

    story()


def moments(chance: random.Random) -> Iterator[tuple[Sequence[Row], Sequence[Row], float]]:
    """What comes before each build: late, twice, corrected, and with the roster changing."""
    cases = [invented.case(chance.randrange(10_000)) for _ in range(STUDENTS)]
    cases = list({each.student_id: each for each in cases}.values())
    events = [row for each in cases for row in each.rows]
    if chance.random() < 0.7:  # as it happens, with latecomers; else in any order
        events.sort(key=lambda row: row["event_time"] + late(chance))
    else:
        chance.shuffle(events)
    known = roster.roster(cases)
    landing = [row for row in known if row["record_type"] in LANDING and chance.random() < 0.2]
    builds = chance.randint(2, 6)
    places = sorted(chance.randint(0, len(events)) for _ in range(builds - 1))
    hours = sorted((chance.choice((0, 1, 5, 20, 30, 80)) for _ in range(builds)), reverse=True)
    landed = [row for row in known if row not in landing]
    for number, (begin, end) in enumerate(zip([0, *places], [*places, len(events)], strict=True)):
        recorded_at = roster.AS_OF - timedelta(hours=hours[number] + 1)
        arriving = [row for row in landing if number == builds - 1 or chance.random() < 0.4]
        landing = [row for row in landing if row not in arriving]
        late_records = [{**row, "recorded_at": recorded_at} for row in arriving]
        records = [*late_records, *(changes(chance, landed, recorded_at) if number else landed)]
        landed += late_records
        yield events[begin:end], records, hours[number]


def late(chance: random.Random) -> timedelta:
    return timedelta(hours=chance.choice((0, 0, 0, 0, 0, 0, 3, 30, 300)))


def assert_rebuilt_equal(told: NativeWarehouse) -> None:
    rebuilt = told.rebuilt()
    try:
        small, full = told.lasting(), rebuilt.lasting()
        differing = [
            difference(name, rows, full[name])
            for name, rows in small.items()
            if name not in NOTES and rows != full[name]
        ]
        assert not differing, "\n".join(differing)
    finally:
        rebuilt.close()


def difference(name: str, small: list[Any], full: list[Any]) -> str:
    only_small = [row for row in small if row not in full]
    only_full = [row for row in full if row not in small]
    return f"{name}:\n  small {only_small[:2]}\n  full  {only_full[:2]}"

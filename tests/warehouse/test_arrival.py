"""Whatever the order, the repetitions and the cuts in which events arrive, the marts are one."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import make_settings
from tests.warehouse.arrival import ARRIVAL_COLUMNS, FIRST_RECEIPT, Arrival, Marts, play, shuffled
from tests.warehouse.conftest import Warehouse
from tests.warehouse.raw_rows import Row
from tests.warehouse.trap_school import (
    DAY,
    EVENTS,
    LATE_ROSTER,
    ROSTER,
    event,
    item,
    minutes,
    view,
    xp,
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]  # about fifteen builds

CONFLICTING = [row for row in EVENTS if row["event_id"] == "v1"]
TOLD, OTHERWISE = CONFLICTING[0], CONFLICTING[-1]  # one id, two stories
ADDED = [
    *(  # fractions whose sum depends on the order of summation, if that is left to chance
        item(
            f"q{n}",
            DAY + minutes(80 + n) + timedelta(microseconds=123_457 * n),
            "Completed",
            student_ref="ben",
            object_ref=f"q{n}",
            assignable_ref="quiz",
            attempt_ref=f"q{n}-a",
            attempt_part_ref=f"a{n % 3}",
            score_given=float(n % 4 != 3),
            max_score=1.0,
        )
        for n in range(8)
    ),
    *(
        xp(
            f"p{n}",
            DAY + minutes(100 + n),
            value,
            "part",
            student_ref="ben",
            object_type="Assessment",
        )
        for n, value in enumerate([0.1, 0.7, 0.2, 0.3])
    ),
    view("l2", DAY + minutes(90.5), student_ref="ben", lesson_ref="reading-2"),
    view("m4", DAY + minutes(9.4), client_id="maths", student_ref="ben"),
    xp("x6", DAY + minutes(95), 250, "attempt-6", student_ref="ben"),
    xp("x7", DAY + minutes(95), 240, "attempt-6", student_ref="ben"),  # the same instant
    # what they state bridges a gap, begins a session, reaches over another one and over the longest
    view("s1", DAY + minutes(500), student_ref="ben", duration_seconds=1500.0),
    view("s2", DAY + minutes(620), student_ref="ben", duration_seconds=5700.0),
    view("s3", DAY + minutes(700), student_ref="ben", duration_seconds=30.0),
    view("s4", DAY + minutes(700), client_id="maths", student_ref="ben", duration_seconds=7200.0),
    view("s5", DAY + minutes(1300), student_ref="ben", duration_seconds=40_000.0),
    event("a1", "AssignableEvent", "Started", DAY + minutes(110), student_ref="ben"),
    event("a2", "AssignableEvent", "Completed", DAY + minutes(115), student_ref="ben"),
    event("e1", "AssessmentEvent", "Started", DAY + minutes(116), object_ref="quiz"),
    event("e2", "AssessmentEvent", "Submitted", DAY + minutes(118), object_ref="quiz"),
]
SET = [row for row in EVENTS if row["event_id"] != "v1"] + [TOLD, *ADDED]
# What an event may wait for comes at any time; what must exist for it to be sent is there.
LATE = [row for row in [*ROSTER, *LATE_ROSTER] if row["record_type"] in {"enrollment", "lesson"}]
FIRST = [row for row in ROSTER if row not in LATE]

Play = Callable[[Arrival], Marts]
few_examples = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
chances = st.randoms(use_true_random=True)


@pytest.fixture(scope="module")
def play_anew(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Plays a story of arrival on an install of its own."""

    def run(arrival: Arrival) -> Marts:
        with fresh_warehouse(server_url, tmp_path_factory.mktemp("arrival")) as warehouse:
            return play(warehouse, FIRST, arrival)

    return run


@contextmanager
def fresh_warehouse(server_url: str, root: Path) -> Iterator[Warehouse]:
    warehouse = Warehouse(make_settings(server_url, root))
    try:
        yield warehouse
    finally:
        warehouse.close()


def at_once(events: list[Row]) -> Arrival:
    """Everything in one request and one build, each event once and in the order of the day."""
    in_order = sorted(events, key=lambda row: (row["event_time"], row["event_id"]))
    received = [{**row, "received_at": FIRST_RECEIPT} for row in in_order]
    return Arrival([[(received, LATE)]])


@pytest.fixture(scope="module")
def reference(play_anew: Play) -> Marts:
    """The marts of one full build of the set."""
    return play_anew(at_once(SET))


@pytest.fixture(scope="module")
def other_reference(play_anew: Play) -> Marts:
    """The same, had the conflicting event been the only one of its id."""
    return play_anew(at_once([OTHERWISE if row is TOLD else row for row in SET]))


def test_every_trap_is_in_the_set(reference: Marts) -> None:
    assert all(reference.values()), [name for name, rows in reference.items() if not rows]
    assert all(ARRIVAL_COLUMNS.values())


@settings(few_examples, max_examples=2)
@given(chance=chances)
def test_any_order_repetition_and_cut_gives_the_marts_of_one_full_build(
    reference: Marts, play_anew: Play, chance: random.Random
) -> None:
    arrival = shuffled(chance, SET, LATE, builds=2)
    assert_same(play_anew(arrival), reference)


@few_examples
@given(chance=chances)
def test_of_two_stories_under_one_id_the_first_to_arrive_is_the_only_one_that_counts(
    reference: Marts, other_reference: Marts, play_anew: Play, chance: random.Random
) -> None:
    arrival = shuffled(chance, [*SET, OTHERWISE], LATE, builds=2)
    first = next(row for row in arrival.events if row["event_id"] == "v1")
    is_told = first["session_ref"] == TOLD["session_ref"]
    assert_same(play_anew(arrival), reference if is_told else other_reference)


def assert_same(played: Marts, expected: Marts) -> None:
    assert played.keys() == expected.keys()
    for name, rows in expected.items():
        assert played[name] == rows, name

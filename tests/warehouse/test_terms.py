"""Ruling p: outside a school's terms there is no goal, no flag, and no streak to break."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.builds.plan import Plan
from core.settings import Settings
from tests.warehouse.native import NativeWarehouse
from tests.warehouse.trap_school import Row, course, enrollment, record, user, xp

MONDAY = datetime(2026, 3, 2, 16, tzinfo=UTC)
WEDNESDAY = MONDAY + timedelta(days=2)
ROSTER: list[Row] = [
    record("org", "school", {"name": "School", "metadata": {"timezone": "America/Chicago"}}),
    user("ann"),
    *course("reading"),
    enrollment("ann", "reading"),
]
CLASS_WITH_TERM = record(
    "class",
    "reading-class",
    {
        "school": {"sourcedId": "school"},
        "course": {"sourcedId": "reading-course"},
        "terms": [{"sourcedId": "winter"}],
    },
    recorded_at=WEDNESDAY,
)
MET = ("met", True, Decimal(120), 1)
MISSED = ("not_started", True, Decimal(120), 0)
FREE = ("no_school", False, None, 1)


def term(last: str, **columns: Any) -> Row:
    """The winter term, from the first school day of the year."""
    days = {"title": "Winter", "type": "term", "startDate": "2026-01-05", "endDate": last}
    return record("academicSession", "winter", days, **{"recorded_at": WEDNESDAY, **columns})


@pytest.fixture
def school(compiled: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeWarehouse]:
    """Ann met her goal on Monday and has done nothing since; no term is known."""
    built = NativeWarehouse(Settings(data_dir=tmp_path_factory.mktemp("terms")), compiled)
    built.load([xp("x", MONDAY, 120, "a")], ROSTER)
    built.build(WEDNESDAY)
    yield built
    built.close()


def days(school: NativeWarehouse) -> list[tuple[Any, ...]]:
    """How Monday and Tuesday stand: status, in school, goal, streak."""
    return school.connection.execute(
        "select status, is_school_day, goal_xp, streak_days from warehouse.marts.fct_daily_goals"
        " where subject = 'All' and local_on in ('2026-03-02', '2026-03-03') order by local_on"
    ).fetchall()


def flags(school: NativeWarehouse) -> int:
    """How many reasons there are to look at Ann today."""
    found = school.connection.execute("select * from warehouse.marts.fct_off_track_flags")
    return len(found.fetchall())


def test_without_a_known_term_every_school_day_counts(school: NativeWarehouse) -> None:
    assert days(school) == [MET, MISSED]
    assert flags(school) > 0


def test_a_term_that_lands_takes_its_days_as_they_are(school: NativeWarehouse) -> None:
    school.load([], [term("2026-03-02")])
    school.build(WEDNESDAY)
    assert days(school) == [MET, MISSED]  # no class names it yet
    school.load([], [CLASS_WITH_TERM])
    school.build(WEDNESDAY)
    assert days(school) == [MET, FREE]
    assert flags(school) == 0
    assert school.lasting() == school.rebuilt().lasting()


def test_a_term_that_is_prolonged_or_deleted_judges_its_days_anew(school: NativeWarehouse) -> None:
    school.load([], [term("2026-03-02"), CLASS_WITH_TERM])
    school.build(WEDNESDAY)
    school.load([], [term("2026-03-31")])
    school.build(WEDNESDAY)
    assert days(school) == [MET, MISSED]
    assert flags(school) > 0
    school.load([], [term("2026-03-02")])
    school.load([], [term("2026-03-02", status="tobedeleted")])
    school.build(WEDNESDAY + timedelta(minutes=5))
    assert days(school) == [MET, FREE]  # what was over before the deletion stays
    assert flags(school) > 0
    assert school.lasting() == school.rebuilt().lasting()

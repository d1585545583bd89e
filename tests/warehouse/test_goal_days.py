"""A student's days run to the last with an enrollment or an event, in small builds too."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from core.builds.plan import Plan
from core.settings import Settings
from tests.warehouse.native import NativeWarehouse
from tests.warehouse.trap_school import Row, course, event, lesson, record, user

MONDAY = datetime(2026, 3, 2, 16, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
NEXT_MONDAY = MONDAY + timedelta(days=7)
ROSTER: Sequence[Row] = [
    record("org", "school", {"name": "School", "metadata": {"timezone": "America/Chicago"}}),
    user("ann"),
    *course("reading"),
    record(
        "enrollment",
        "ended",
        {
            "user": {"sourcedId": "ann"},
            "class": {"sourcedId": "reading-class"},
            "role": "student",
            "beginDate": "2026-03-01",
            "endDate": "2026-03-03",
        },
    ),
]


def viewed(event_id: str, at: datetime) -> Row:
    return event(event_id, "ViewEvent", "Viewed", at)


@pytest.fixture
def school(compiled: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeWarehouse]:
    """Ann's enrollment ended on Tuesday; a build knows what she did on Monday."""
    built = NativeWarehouse(Settings(data_dir=tmp_path_factory.mktemp("goals")), compiled)
    built.load([viewed("monday", MONDAY)], ROSTER)
    built.build(NEXT_MONDAY)
    yield built
    built.close()


def last_day(school: NativeWarehouse) -> tuple[int, date | None]:
    """How many days Ann has, and the last of them."""
    row = school.connection.execute(
        "select count(*), max(local_on) from warehouse.marts.fct_daily_goals where subject = 'All'"
    ).fetchone()
    assert row is not None
    return row


def test_days_end_with_the_enrollment(school: NativeWarehouse) -> None:
    assert last_day(school) == (3, date(2026, 3, 3))


def test_an_event_after_it_brings_the_days_between(school: NativeWarehouse) -> None:
    school.load([viewed("friday", FRIDAY)], [])
    school.build(NEXT_MONDAY)
    assert last_day(school) == (6, date(2026, 3, 6))


def test_they_go_again_with_the_event(school: NativeWarehouse) -> None:
    school.load([viewed("friday", FRIDAY)], [])
    school.build(NEXT_MONDAY)
    wednesday = MONDAY + timedelta(days=2)
    deleted = lesson("reading", "reading-1", 1, status="tobedeleted", recorded_at=wednesday)
    school.load([], [deleted])
    school.build(NEXT_MONDAY)
    assert last_day(school) == (3, date(2026, 3, 3))

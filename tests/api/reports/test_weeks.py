"""Which week is meant, and when a student rose or fell."""

from datetime import UTC, date, datetime

import pytest

from api.reports import weeks
from api.reports.schemas.classes import ReviewTotals
from api.reports.wording import item_hint


def done(xp: float, goal_days: int = 5) -> ReviewTotals:
    return ReviewTotals(
        xp=xp, active_seconds=xp * 60, goal_days=goal_days, met_days=0, accuracy_ratio=None
    )


@pytest.mark.parametrize(
    ("now", "starts_on", "through_on"),
    [
        (datetime(2026, 11, 23, 15, 59), date(2026, 11, 16), date(2026, 11, 22)),
        (datetime(2026, 11, 23, 16, 0), date(2026, 11, 23), date(2026, 11, 23)),
        (datetime(2026, 11, 29, 16, 0), date(2026, 11, 23), date(2026, 11, 29)),
    ],
)
def test_a_review_begins_a_new_week_when_its_monday_is_over(
    now: datetime, starts_on: date, through_on: date
) -> None:
    week = weeks.week_of_whole_days(None, now, ends_hour=16)
    assert (week.starts_on, week.through_on) == (starts_on, through_on)
    assert week.is_over == (through_on.weekday() == 6)


def test_the_clock_that_is_furthest_on_decides_the_week() -> None:
    instant = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert weeks.now_at(instant, ["America/Chicago", "Asia/Kolkata"]).date() == date(2026, 11, 23)
    assert weeks.now_at(instant, []) == datetime(2026, 11, 22, 20, 0)


@pytest.mark.parametrize(
    ("this", "before", "trend"),
    [
        (done(120), done(100), "rose"),
        (done(119.9), done(100), "steady"),
        (done(80), done(100), "fell"),
        (done(80.1), done(100), "steady"),
        (done(15), done(0), "rose"),
        (done(14.9), done(0), "steady"),
        (done(0, goal_days=0), done(100), "no_comparison"),
        (done(50), done(0, goal_days=0), "no_comparison"),
    ],
)
def test_a_change_of_a_fifth_and_of_15_xp_is_a_trend(
    this: ReviewTotals, before: ReviewTotals, trend: str
) -> None:
    assert weeks.trend(this, before) == trend


def test_a_questions_hint_follows_its_discrimination() -> None:
    assert item_hint(None) is None
    assert item_hint(0.1) is None
    assert "unclear" in (item_hint(0.09) or "")
    assert "the question itself" in (item_hint(-0.01) or "")

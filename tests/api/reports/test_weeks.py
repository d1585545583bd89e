"""Which week is meant, which days of two weeks are compared, and when a student rose or fell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.reports import weeks
from api.reports.schemas.classes import ReviewTotals
from api.reports.schemas.parts import ComparedDays
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


MONDAY = date(2026, 11, 16)
SCHOOL = "MTWTF"


def days(week_before: str, week: str) -> list[dict[str, Any]]:
    """Two weeks from a Monday on: a letter is a school day with 60 XP, a dot one without school."""
    letters = f"{week_before:.<7}{week:.<7}"
    first = MONDAY - weeks.SEVEN_DAYS
    nothing = {"active_seconds": 0, "scored_questions": 0, "correct_questions": 0}
    return [
        {
            "local_on": first + timedelta(days=number),
            "is_school_day": letter != ".",
            "status": "no_school" if letter == "." else "met",
            "earned_xp": 0 if letter == "." else 60,
            **nothing,
        }
        for number, letter in enumerate(letters)
    ]


def compared(week_before: str, week: str, now: datetime) -> tuple[list[int], list[int]]:
    """The days of the month that are compared, of the week before and of the week."""
    shown = weeks.whole_days_of(MONDAY, now, ends_hour=16)
    this, before = weeks.school_days(days(week_before, week), shown)
    return [row["local_on"].day for row in before], [row["local_on"].day for row in this]


@pytest.mark.parametrize(
    ("week_before", "week", "found"),
    [
        (SCHOOL, SCHOOL, ([9, 10, 11, 12, 13], [16, 17, 18, 19, 20])),
        (SCHOOL, "MTW..", ([9, 10, 11], [16, 17, 18])),
        ("..WTF", SCHOOL, ([11, 12, 13], [16, 17, 18])),
        (SCHOOL, "..WTF", ([9, 10, 11], [18, 19, 20])),
        (SCHOOL, ".....", ([], [])),
        (".....", SCHOOL, ([], [])),
    ],
)
def test_weeks_with_holidays_are_compared_over_as_many_school_days(
    week_before: str, week: str, found: tuple[list[int], list[int]]
) -> None:
    assert compared(week_before, week, datetime(2026, 11, 22, 20)) == found


def test_holidays_make_nobody_rise_or_fall() -> None:
    shown = weeks.whole_days_of(MONDAY, datetime(2026, 11, 22, 20), ends_hour=16)
    for week_before, week in ((SCHOOL, "MT..."), ("MT...", SCHOOL)):
        this, before = map(weeks.totals, weeks.school_days(days(week_before, week), shown))
        assert this.xp == before.xp == 120
        assert weeks.trend(this, before) == "steady"


def test_a_week_that_goes_on_is_compared_with_as_many_school_days_as_are_over() -> None:
    tuesday_evening = datetime(2026, 11, 17, 16)
    assert compared(SCHOOL, SCHOOL, tuesday_evening) == ([9, 10], [16, 17])
    assert compared("..WTF", SCHOOL, tuesday_evening) == ([11, 12], [16, 17])
    assert compared(SCHOOL, SCHOOL, datetime(2026, 11, 16, 15, 59)) == ([], [])


def test_the_compared_days_say_how_many_and_from_when_to_when() -> None:
    shown = weeks.whole_days_of(MONDAY, datetime(2026, 11, 22, 20), ends_hour=16)
    said = weeks.compared_days(*weeks.school_days(days(SCHOOL, "..WTF"), shown))
    assert said == ComparedDays(
        school_day_count=3,
        first_on=date(2026, 11, 18),
        last_on=date(2026, 11, 20),
        before_first_on=date(2026, 11, 9),
        before_last_on=date(2026, 11, 11),
    )
    assert weeks.compared_days([], []) is None


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

"""Weeks: which one is meant, what a span of days adds up to, and who rose or fell.

Two weeks are compared over as many school days of each: holidays, and days to come, make nobody
fall. Which days are school days the calendar of a student's school says (`is_school_day`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.reports.schemas.classes import ReviewDay, ReviewTotals, Week
from api.reports.schemas.parts import ComparedDays
from core.zones import find_zone

Rows = list[dict[str, Any]]

SEVEN_DAYS = timedelta(days=7)
FREE = frozenset({"no_goal", "no_school"})
TREND_SHARE = 0.2  # of the XP of the week before: less is an ordinary week's ups and downs
TREND_XP = 15.0  # XP, a quarter of an hour: a share of next to nothing says nothing


def now_at(as_of: datetime, zones: Iterable[str]) -> datetime:
    """The wall clock that is furthest on among the zones, without its zone; UTC's for none."""
    clocks = [as_of.astimezone(find_zone(zone) or ZoneInfo("UTC")) for zone in set(zones)]
    return max((c.replace(tzinfo=None) for c in clocks), default=as_of.replace(tzinfo=None))


def week_so_far(day: date | None, now: datetime) -> Week:
    """The week of `day` (else this week) up to today."""
    return _week(day or now.date(), now.date())


def week_of_whole_days(day: date | None, now: datetime, ends_hour: int) -> Week:
    """The week of `day` up to the last day that is over: today counts from `ends_hour` on.

    Without `day` the newest week of which a day is over. So weeks are compared day for day.
    """
    last = last_whole_day(now, ends_hour)
    return _week(day or last, last)


def whole_days_of(monday: date, now: datetime, ends_hour: int) -> Week:
    """The days of the week from `monday` on that are over; none if it has just begun."""
    return _week_from(monday, last_whole_day(now, ends_hour))


def days_from(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def last_whole_day(now: datetime, ends_hour: int) -> date:
    """The last day that is over: today counts from `ends_hour` on."""
    return now.date() if now.hour >= ends_hour else now.date() - timedelta(days=1)


def _week(day: date, last: date) -> Week:
    day = min(day, last)
    return _week_from(day - timedelta(days=day.weekday()), last)


def _week_from(monday: date, last: date) -> Week:
    ends_on = monday + timedelta(days=6)
    return Week(starts_on=monday, through_on=min(ends_on, last), is_over=ends_on <= last)


def totals(days: Iterable[Mapping[str, Any]]) -> ReviewTotals:
    """What these days of one or more students add up to."""
    held = list(days)
    scored = sum(day["scored_questions"] for day in held)
    return ReviewTotals(
        xp=float(sum(day["earned_xp"] for day in held)),
        active_seconds=sum(day["active_seconds"] for day in held),
        goal_days=sum(day["status"] not in FREE for day in held),
        met_days=sum(day["status"] == "met" for day in held),
        accuracy_ratio=sum(day["correct_questions"] for day in held) / scored if scored else None,
    )


def day_totals(days: Rows, week: Week) -> list[ReviewDay]:
    """Each day of the week so far, all students together."""
    found = []
    for local_on in days_from(week.starts_on, week.through_on):
        held = totals(day for day in days if day["local_on"] == local_on)
        found.append(
            ReviewDay(
                local_on=local_on,
                goal_count=held.goal_days,
                met_count=held.met_days,
                xp=held.xp,
                active_seconds=held.active_seconds,
            )
        )
    return found


def of_week(days: Rows, week: Week) -> Rows:
    """The days of the week so far."""
    return [day for day in days if week.starts_on <= day["local_on"] <= week.through_on]


def school_days(days: Rows, week: Week) -> tuple[Rows, Rows]:
    """As many school days of the week so far as of the week before, each from its first on.

    `days` are one student's of both weeks, in order.
    """
    held = [day for day in days if day["is_school_day"]]
    this = of_week(held, week)
    before = [day for day in held if timedelta() < week.starts_on - day["local_on"] <= SEVEN_DAYS]
    count = min(len(this), len(before))
    return this[:count], before[:count]


def compared_days(this: Rows, before: Rows) -> ComparedDays | None:
    """Which days of one or more students `school_days` chose; None if there are none."""
    week, week_before = ({day["local_on"] for day in held} for held in (this, before))
    if not week:
        return None
    return ComparedDays(
        school_day_count=len(week),
        first_on=min(week),
        last_on=max(week),
        before_first_on=min(week_before),
        before_last_on=max(week_before),
    )


def trend(this: ReviewTotals, before: ReviewTotals) -> str:
    """`rose`, `fell` or `steady` by XP; `no_comparison` if either week asked for nothing."""
    if not (this.goal_days or this.xp) or not (before.goal_days or before.xp):
        return "no_comparison"
    change = this.xp - before.xp
    if abs(change) < max(TREND_XP, TREND_SHARE * before.xp):
        return "steady"
    return "rose" if change > 0 else "fell"

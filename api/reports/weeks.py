"""Weeks: which one is meant, what a span of days adds up to, and who rose or fell."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.reports.schemas.classes import ReviewDay, ReviewTotals, Week
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
    last = now.date() if now.hour >= ends_hour else now.date() - timedelta(days=1)
    return _week(day or last, last)


def _week(day: date, last: date) -> Week:
    day = min(day, last)
    starts_on = day - timedelta(days=day.weekday())
    ends_on = starts_on + timedelta(days=6)
    return Week(starts_on=starts_on, through_on=min(ends_on, last), is_over=ends_on <= last)


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
    for number in range((week.through_on - week.starts_on).days + 1):
        local_on = week.starts_on + timedelta(days=number)
        held = totals(day for day in days if day["local_on"] == local_on)
        found.append(
            ReviewDay(
                local_on=local_on, goal_count=held.goal_days, met_count=held.met_days,
                xp=held.xp, active_seconds=held.active_seconds,
            )
        )  # fmt: skip
    return found


def split(days: Rows, week: Week) -> tuple[Rows, Rows]:
    """The days of the week, and the same days of the week before."""
    this = [day for day in days if week.starts_on <= day["local_on"] <= week.through_on]
    before = [
        day for day in days if week.starts_on <= day["local_on"] + SEVEN_DAYS <= week.through_on
    ]
    return this, before


def trend(this: ReviewTotals, before: ReviewTotals) -> str:
    """`rose`, `fell` or `steady` by XP; `no_comparison` if either week asked for nothing."""
    if not (this.goal_days or this.xp) or not (before.goal_days or before.xp):
        return "no_comparison"
    change = this.xp - before.xp
    if abs(change) < max(TREND_XP, TREND_SHARE * before.xp):
        return "steady"
    return "rose" if change > 0 else "fell"

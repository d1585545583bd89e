"""The parent's weekly digest: each linked child's own week, in facts and kind words.

It compares a child with nobody but the child's own week before, over as many school days, and
calls nothing a risk.
"""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from api.alerts.words import as_of_words, counted, days_words, duration, short_day
from api.reading import Reading
from api.reports import weeks
from api.reports.queries import navigation, week
from api.reports.reading import visible_students
from api.reports.reports import PACE
from api.reports.schemas.classes import ReviewTotals, Week
from api.reports.wording import amount
from core.access import Viewer, sight_of
from core.alerts.digest import Digest
from core.builds.reader import PublishedLake
from core.identity.people import Person

Rows = list[dict[str, Any]]


def compose(
    connection: psycopg.Connection[Any],
    lake: PublishedLake,
    viewer: Viewer,
    person: Person,
    day: date,
    *,
    origin: str,
) -> Digest | None:
    """The week up to `day` of the children whom this parent may see now.

    None if it had neither school nor learning. `origin` is where the dashboards are.
    """
    reading = Reading(viewer, sight_of(connection, viewer), connection, lake)
    linked = navigation.children(connection, viewer.user_id, visible_students(reading))
    children = week.roster(lake, linked)
    monday = day - timedelta(days=day.weekday())
    shown = Week(starts_on=monday, through_on=day, is_over=day.weekday() == 6)
    told = [one for one in (_child(lake, child, shown) for child in children) if one]
    if not told:
        return None
    names = " and ".join(one["first_name"] for one in told)
    return Digest(
        template="parent_weekly",
        subject=f"The week of {names}" if len(told) < 3 else "The week of your children",
        figures={
            "greeting": person.given_name or person.name,
            "week": f"{short_day(monday)} to {short_day(day)}",
            "children": told,
            "link": f"{origin}/parent-today",
            "as_of": as_of_words(lake.build.as_of, ZoneInfo(children[0]["timezone"])),
        },
        student_ids=tuple(one["student_id"] for one in told),
        build_id=lake.build.build_id,
    )


def _child(lake: PublishedLake, child: dict[str, Any], shown: Week) -> dict[str, Any] | None:
    student = child["student_id"]
    first, last = shown.starts_on, shown.through_on
    held = week.student_days(lake, [student], first - weeks.SEVEN_DAYS, last)[student]
    this = weeks.totals(weeks.of_week(held, shown))
    if not (this.goal_days or this.xp or this.active_seconds):
        return None
    hours = (PACE.starts_hour, PACE.ends_hour)
    now = weeks.now_at(lake.build.as_of, [child["timezone"]])
    over = weeks.whole_days_of(first, now, PACE.ends_hour)
    subjects = week.subject_weeks(lake, [student], first, last, hours)[student]
    mastered = week.mastered(lake, [student], first, last)[student]
    return {
        "student_id": student,
        "name": child["name"],
        "first_name": child["name"].split(" ")[0],
        "sentence": sentence(child["name"].split(" ")[0], this),
        "before": before_words(*weeks.school_days(held, over)),
        "subjects": [
            {
                "subject": one["subject"],
                "xp": amount(float(one["earned_xp"])),
                "time": duration(one["active_seconds"]),
            }
            for one in subjects
            if one["subject"] != "All" and (one["earned_xp"] or one["active_seconds"])
        ],
        "mastered": [one["lesson_title"] for one in mastered],
    }


def sentence(first_name: str, this: ReviewTotals) -> str:
    """A child's week in words."""
    if not this.xp and not this.active_seconds:
        return f"Nothing has come from the learning apps for {first_name} this week."
    text = (
        f"{first_name} earned {amount(this.xp)} XP in {duration(this.active_seconds)} of"
        " active learning"
    )
    if this.met_days:
        days = counted(this.goal_days, "school day")
        text += f" and reached the goal on {this.met_days} of {days}"
    return f"{text}."


def before_words(this: Rows, before: Rows) -> str | None:
    """The child's own week before, as a fact about as many school days; None if there are none."""
    days = weeks.compared_days(this, before)
    if days is None:
        return None
    return (
        f"Over {counted(days.school_day_count, 'school day')} of each week: {_done(this)}"
        f" ({days_words(days.first_on, days.last_on)}), and {_done(before)} the week before"
        f" ({days_words(days.before_first_on, days.before_last_on)})."
    )


def _done(days: Rows) -> str:
    done = weeks.totals(days)
    return f"{amount(done.xp)} XP in {duration(done.active_seconds)}"

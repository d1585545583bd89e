"""The daily goal of a student: how much, and how the day stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.warehouse.oracle.ledger import Entry
from tests.warehouse.oracle.story import Story

DEFAULT_XP = Decimal(120)


@dataclass(frozen=True)
class Day:
    """One student's day over all subjects."""

    goal_xp: Decimal
    earned_xp: Decimal
    status: str
    streak: int


def days(
    story: Story, student_id: str, entries: Iterable[Entry], first: date, last: date
) -> dict[date, Day]:
    """Every day from the first to the last, today the last at most."""
    earned: dict[date, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if entry.source.student_ref == student_id and entry.enrollment_id is not None:
            earned[entry.earned_on] += entry.xp
    active = {story.day(e.event_time) for e in story.events if e.student_ref == student_id}
    today = story.day(story.as_of)
    found: dict[date, Day] = {}
    streak = 0
    for day in (first + timedelta(days=count) for count in range((last - first).days + 1)):
        goal = _goal(story, student_id, day)
        status = _status(story, day, goal, earned[day], day in active)
        if status == "met":
            streak += 1
        elif status in {"not_started", "behind"} and day < today:
            streak = 0
        found[day] = Day(goal, earned[day], status, streak)
    return found


def _goal(story: Story, student_id: str, day: date) -> Decimal:
    """Enrollment, else student, else course, else the default, shared by the day's courses."""
    own = [e for e in story.enrollments if e.student_id == student_id and e.holds_on(day)]
    courses = {enrollment.course_id for enrollment in own}
    total = Decimal(0)
    for course_id in courses:
        of_course = [e.goal_xp for e in own if e.course_id == course_id and e.goal_xp is not None]
        if of_course:
            total += of_course[0]
        elif student_id in story.student_goals:
            total += story.student_goals[student_id] / len(courses)
        elif course_id in story.course_goals:
            total += story.course_goals[course_id]
        else:
            total += DEFAULT_XP / len(courses)
    return total


def _status(story: Story, day: date, goal: Decimal, earned: Decimal, is_active: bool) -> str:
    if goal <= 0:
        return "no_goal"
    if not story.is_school_day(day):
        return "no_school"
    if earned >= goal:
        return "met"
    if not is_active and earned == 0:
        return "not_started"
    if day == story.day(story.as_of):
        now = story.as_of.astimezone(story.zone)
        minutes = (now.hour - 8) * 60 + now.minute
        if earned >= goal * min(max(Decimal(minutes) / 480, Decimal(0)), Decimal(1)):
            return "on_pace"
    return "behind"

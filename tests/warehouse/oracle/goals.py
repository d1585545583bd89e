"""The daily goal of a student: how much, and how the day stands."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.warehouse.oracle.ledger import Entry, enrollment_of
from tests.warehouse.oracle.story import Story

DEFAULT_XP = Decimal(120)


@dataclass(frozen=True)
class Day:
    """One student's day in one subject, or over all."""

    goal_xp: Decimal
    earned_xp: Decimal
    status: str
    streak: int


def days(
    story: Story,
    student_id: str,
    subject: str | None,
    entries: Iterable[Entry],
    first: date,
    last: date,
) -> dict[date, Day]:
    """Every day from the first to the last, today the last at most; None: all subjects."""
    earned: dict[date, Decimal] = defaultdict(Decimal)
    for entry in entries:
        event = entry.credited_for
        is_credited = event.student_ref == student_id and entry.enrollment_id is not None
        if is_credited and _is_of(story, event.course_ref, subject):
            earned[entry.earned_on] += entry.xp
    active = {
        story.day(event.event_time)
        for event in story.events
        if event.student_ref == student_id and _is_of(story, event.course_ref, subject)
    }
    today = story.day(story.as_of)
    found: dict[date, Day] = {}
    streak = 0
    for day in (first + timedelta(days=count) for count in range((last - first).days + 1)):
        goal = _goal(story, student_id, subject, day)
        status = _status(story, day, goal, earned[day], day in active)
        if status == "met":
            streak += 1
        elif status in {"not_started", "behind"} and day < today:
            streak = 0
        if subject is None or goal or earned[day] or day in active:
            found[day] = Day(goal, earned[day], status, streak)
    return found


def _is_of(story: Story, course_id: str | None, subject: str | None) -> bool:
    return subject is None or (course_id is not None and story.subjects[course_id] == subject)


def _goal(story: Story, student_id: str, subject: str | None, day: date) -> Decimal:
    """Enrollment, else student, else course, else the default; none outside terms.

    What names no subject is divided over the day's subjects, and in each over its courses.
    """
    if not story.is_in_term(day):
        return Decimal(0)
    own = [e for e in story.enrollments if e.student_id == student_id and e.holds_on(day)]
    courses = {enrollment.course_id for enrollment in own}
    of_subject = Counter(story.subjects[course_id] for course_id in courses)
    total = Decimal(0)
    for course_id in courses:
        if not _is_of(story, course_id, subject):
            continue
        share = len(of_subject) * of_subject[story.subjects[course_id]]
        enrollment = enrollment_of(story, student_id, course_id, day)
        if enrollment is not None and enrollment.goal_xp is not None:
            total += enrollment.goal_xp
        elif student_id in story.student_goals:
            total += story.student_goals[student_id] / share
        elif course_id in story.course_goals:
            total += story.course_goals[course_id]
        else:
            total += DEFAULT_XP / share
    return total.quantize(Decimal("0.0001"))


def _status(story: Story, day: date, goal: Decimal, earned: Decimal, is_active: bool) -> str:
    if not story.is_in_term(day):
        return "no_school"
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

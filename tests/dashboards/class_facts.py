"""Rows of the marts that a class's pages read: goals by subject, answers, questions."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.dashboards.days import DAY_COUNT, GOAL_XP, StudentDay
from tests.dashboards.roster import COURSES, LESSONS, PUPILS, SCHOOLS

SUBJECT_GOAL_XP = GOAL_XP / len(COURSES)
ITEMS = 4  # questions of the last lesson, the first the hardest

Rows = list[dict[str, Any]]


def subject_goals(days: list[StudentDay], as_of: datetime) -> Rows:
    """A goal for each subject on each school day, the day's goal in equal parts."""
    rows = []
    for pupil in PUPILS:
        today = as_of.astimezone(ZoneInfo(SCHOOLS[pupil.school_id].timezone)).date()
        for ago in range(DAY_COUNT):
            on = today - timedelta(days=ago)
            is_school_day = on.weekday() < 5
            for course in COURSES:
                earned = sum(
                    day.xp for day in days if (day.pupil, day.course, day.on) == (pupil, course, on)
                )
                status = "met" if earned >= SUBJECT_GOAL_XP else "behind"
                rows.append(
                    {
                        "student_id": pupil.student_id,
                        "school_id": pupil.school_id,
                        "local_on": on,
                        "subject": course.subject,
                        "goal_xp": SUBJECT_GOAL_XP,
                        "goal_source": "school",
                        "earned_xp": earned,
                        "status": status if is_school_day else "no_school",
                        "is_in_term": True,
                        "is_school_day": is_school_day,
                        "streak_days": 0,
                    }
                )
    return rows


def item_responses(as_of: datetime) -> Rows:
    """The answers of slow pupils in the last lesson: 12 each, every third of them right."""
    return [
        {
            "response_id": f"r-{pupil.student_id}-{course.course_id}-{number:02}",
            "student_id": pupil.student_id,
            "client_id": course.client_id,
            "app_id": course.client_id,
            "course_id": course.course_id,
            "lesson_id": f"{course.course_id}-l{LESSONS}",
            "subject": course.subject,
            "item_ref": f"{course.course_id}-q{number % ITEMS}",
            "answered_at": as_of - timedelta(minutes=60 - number),
            "answered_on": as_of.date(),
            "is_scored": True,
            "is_correct": number % 3 == 0,
            "source_event_id": f"e-{pupil.student_id}-{number}",
        }
        for pupil in PUPILS
        if pupil.pace == "slow"
        for course in COURSES
        for number in range(12)
    ]


def items() -> Rows:
    """Questions of each course's last lesson; the last of them was answered too seldom."""
    return [
        {
            "item_ref": f"{course.course_id}-q{number}",
            "item_title": f"Question {number}" if number % 2 else None,
            "client_id": course.client_id,
            "course_id": course.course_id,
            "lesson_id": f"{course.course_id}-l{LESSONS}",
            "response_count": 20 if number < ITEMS - 1 else 4,
            "difficulty": 0.3 + number / 10,
            "discrimination": number / 10 - 0.1,
        }
        for course in COURSES
        for number in range(ITEMS)
    ]

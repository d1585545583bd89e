"""What the pupils did: one student-day for each app and school day, the source of all figures."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.dashboards.roster import COURSES, LESSONS, PUPILS, SCHOOLS, Course, Pupil

DAY_COUNT = 14
GOAL_XP = 60.0
SHARE = {"strong": 1.1, "steady": 0.7, "slow": 0.3, "absent": 0.0}


@dataclass(frozen=True)
class StudentDay:
    """What one student did with one app on one local day."""

    pupil: Pupil
    course: Course
    on: date
    xp: float
    active_seconds: float
    questions: int
    correct: int
    lesson: int

    @property
    def started_at(self) -> datetime:
        """08:30 local for the first app, 10:00 for the second."""
        hour = time(8, 30) if self.course is COURSES[0] else time(10, 0)
        zone = ZoneInfo(SCHOOLS[self.pupil.school_id].timezone)
        return datetime.combine(self.on, hour, zone).astimezone(UTC)

    @property
    def is_enrolled(self) -> bool:
        """Only north's pupils are in the classes."""
        return self.pupil.school_id == "north"

    @property
    def key(self) -> str:
        """Names the student-day in ids."""
        return f"{self.pupil.student_id}-{self.course.course_id}-{self.on:%m%d}"

    @property
    def where(self) -> dict[str, Any]:
        """The columns that say whose, which app's and which lesson's a row is."""
        course = self.course
        return {
            "student_id": self.pupil.student_id,
            "school_id": self.pupil.school_id,
            "client_id": course.client_id,
            "app_id": course.client_id,
            "course_id": course.course_id,
            "lesson_id": f"{course.course_id}-l{self.lesson}",
            "subject": course.subject,
        }


def student_days(as_of: datetime) -> list[StudentDay]:
    """Each student with each app on each school day; absent students stay away for three days."""
    days = []
    for number, pupil in enumerate(PUPILS):
        today = as_of.astimezone(ZoneInfo(SCHOOLS[pupil.school_id].timezone)).date()
        for ago in range(DAY_COUNT):
            on = today - timedelta(days=ago)
            away = pupil.pace == "absent" and ago < 3
            if on.weekday() >= 5 or away:
                continue
            share = SHARE[pupil.pace] if ago == 0 else 0.5 + (number * 7 + ago * 5) % 9 / 10
            for course in COURSES:
                xp = round(GOAL_XP * share / len(COURSES), 1)
                questions = 6 + (number + ago) % 5
                correct = questions * (4 if pupil.pace == "slow" else 9) // 10
                lesson = 1 + (DAY_COUNT - 1 - ago) * LESSONS // DAY_COUNT
                days.append(StudentDay(pupil, course, on, xp, xp * 66, questions, correct, lesson))
    return days

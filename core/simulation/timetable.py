"""When students sit down to work: school mornings and afternoons, and practice at home.

Practice at home goes on every waking hour by turns, so that with two schools half a day apart
somebody is at work at any hour, on weekends too.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.simulation.catalog import App, Course
from core.simulation.chance import dice
from core.simulation.roster import Roster, School, Student
from core.simulation.roster_records import takes

BLOCK_STARTS = {
    3: time(8, 30),
    4: time(9, 15),
    5: time(10, 15),
    6: time(11, 30),
    7: time(12, 45),
    8: time(13, 50),
}
SLOT = timedelta(minutes=30)
HOME_SITTING = timedelta(minutes=16)
HOME_UNTIL = time(22, 30)
STUDENTS_A_SLOT = 3


@dataclass(frozen=True)
class Booking:
    """A student's plan to work in one course, in UTC."""

    student: Student
    app: App
    course: Course
    starts_at: datetime
    length: timedelta


def bookings(
    roster: Roster, apps: tuple[App, ...], seed: int, day: date, today: date
) -> list[Booking]:
    """What everybody plans on one local day, in order of time."""
    made: list[Booking] = []
    for school in roster.schools:
        present = [
            student
            for student in roster.students
            if student.school == school and not is_absent(student, seed, day, today)
        ]
        if school.is_school_day(day):
            for student in present:
                made += _school_block(student, apps, seed, day)
        made += _home_practice(present, school, apps, seed, day)
    return sorted(made, key=lambda booking: (booking.starts_at, booking.student.person.user_id))


def is_absent(student: Student, seed: int, day: date, today: date) -> bool:
    """Now and then anybody; the absent, on the last school days before the simulation began."""
    if student.archetype == "absent" and today - timedelta(days=4) <= day <= today:
        return True
    return dice(seed, "absent", student.person.user_id, day).random() < 0.03


def _school_block(student: Student, apps: tuple[App, ...], seed: int, day: date) -> list[Booking]:
    """One course after the other, with short breaks; the last is sometimes left out."""
    chance = dice(seed, "block", student.person.user_id, day)
    at = _at(student.school, day, BLOCK_STARTS[student.grade])
    at += timedelta(minutes=chance.uniform(-4, 12))
    courses = [(app, course) for app in apps for course in app.courses if takes(student, course)]
    start = int(student.person.user_id[-2:]) % 2
    order = courses[start:] + courses[:start]
    if chance.random() < 0.15 and student.archetype != "eager":
        order.pop()
    made = []
    for app, course in order:
        minutes = course.minutes * chance.uniform(0.8, 1.15)
        if student.archetype == "idle":
            minutes *= 1.2
        made.append(Booking(student, app, course, at, timedelta(minutes=minutes)))
        at += timedelta(minutes=minutes) + timedelta(minutes=chance.uniform(2, 9))
    return made


def _home_practice(
    present: list[Student], school: School, apps: tuple[App, ...], seed: int, day: date
) -> list[Booking]:
    """Three students at a time, each half hour until the evening."""
    if not present:
        return []
    turns = list(present)
    dice(seed, "turns", school.school_id, day).shuffle(turns)
    at = _at(school, day, time(15, 0) if school.is_school_day(day) else time(9, 0))
    ends_at = _at(school, day, HOME_UNTIL)
    made: list[Booking] = []
    turn = 0
    while at < ends_at:
        for place in range(min(STUDENTS_A_SLOT, len(turns))):
            student = turns[turn % len(turns)]
            turn += 1
            chance = dice(seed, "home", student.person.user_id, at)
            app, course = chance.choice(
                [
                    (app, course)
                    for app in apps
                    for course in app.courses
                    if takes(student, course) and course.subject != "Typing"
                ]
            )
            starts_at = at + timedelta(minutes=10 * place + chance.uniform(-1, 1))
            made.append(Booking(student, app, course, starts_at, HOME_SITTING))
        at += SLOT
    return made


def by_student(booked: list[Booking]) -> dict[str, list[Booking]]:
    """The bookings of each student, by sourcedId, in order of time."""
    grouped: dict[str, list[Booking]] = defaultdict(list)
    for booking in booked:
        grouped[booking.student.person.user_id].append(booking)
    return grouped


def _at(school: School, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, school.zone).astimezone(UTC)

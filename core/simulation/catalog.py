"""What the demo apps teach: apps, courses, units and lessons, with their sourcedIds."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content.toml"


@dataclass(frozen=True)
class Lesson:
    """The reporting grain: one topic."""

    lesson_id: str
    title: str
    position: int  # within its course, from 0


@dataclass(frozen=True)
class Unit:
    """Lessons that belong together."""

    unit_id: str
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Course:
    """One track of content; `band` is the lowest and highest grade that takes it."""

    course_id: str
    title: str
    subject: str
    band: tuple[int, int]
    minutes: int
    daily_xp: int
    units: tuple[Unit, ...]

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in order."""
        return tuple(lesson for unit in self.units for lesson in unit.lessons)

    @property
    def held_back(self) -> Lesson:
        """The lesson that is published only after students have worked on it."""
        return self.lessons[6]


@dataclass(frozen=True)
class App:
    """One partner's product."""

    key: str
    name: str
    home: str
    courses: tuple[Course, ...]


def load_apps(seed: int) -> tuple[App, ...]:
    """The apps, with ids that differ by seed so that two simulations can share a server."""
    content = tomllib.loads(CONTENT.read_text())
    return tuple(
        App(
            key=app["key"],
            name=app["name"],
            home=app["home"],
            courses=tuple(_course(course, seed) for course in app["courses"]),
        )
        for app in content["apps"]
    )


def _course(content: dict[str, Any], seed: int) -> Course:
    course_id = f"{content['key']}-{seed}"
    units: list[Unit] = []
    position = 0
    for unit_number, (title, lesson_titles) in enumerate(content["units"].items(), start=1):
        lessons = []
        for lesson_number, lesson_title in enumerate(lesson_titles, start=1):
            lesson_id = f"{course_id}-u{unit_number}-l{lesson_number}"
            lessons.append(Lesson(lesson_id, lesson_title, position))
            position += 1
        units.append(Unit(f"{course_id}-u{unit_number}", title, tuple(lessons)))
    low, high = content["band"]
    return Course(
        course_id=course_id,
        title=content["title"],
        subject=content["subject"],
        band=(low, high),
        minutes=content["minutes"],
        daily_xp=content["daily_xp"],
        units=tuple(units),
    )

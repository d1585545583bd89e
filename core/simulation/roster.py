"""Who takes part: two schools half a day apart, their students, guides, parents and admin."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from core.simulation.chance import dice

NAMES = Path(__file__).parent / "names.toml"
GUIDES_PER_SCHOOL = 3

Archetype = Literal["steady", "eager", "absent", "stuck", "idle", "rushing"]


@dataclass(frozen=True)
class School:
    """One school; its zone, so chosen that at any hour one of the two is awake."""

    school_id: str
    key: str
    name: str
    zone: ZoneInfo
    holidays: frozenset[tuple[int, int]]  # (month, day)

    def is_school_day(self, day: date) -> bool:
        """Monday to Friday, holidays excepted."""
        return day.isoweekday() <= 5 and (day.month, day.day) not in self.holidays


@dataclass(frozen=True)
class Person:
    """A user of the roster; `role` as the platform names it (guide, student, parent, admin)."""

    user_id: str
    given_name: str
    family_name: str
    email: str
    role: str
    org_id: str

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class Student:
    """A learner: what the roster says, and what it cannot know."""

    person: Person
    school: School
    grade: int
    archetype: Archetype
    ability: float  # logits above the grade's average
    speed: float  # 1 is average; seconds are divided by it
    parent: Person


@dataclass(frozen=True)
class Roster:
    """Everybody, and where."""

    district_id: str
    schools: tuple[School, ...]
    students: tuple[Student, ...]
    guides: tuple[Person, ...]
    admin: Person


SCHOOLS: tuple[tuple[str, str, str, frozenset[tuple[int, int]]], ...] = (
    (
        "austin",
        "Alpha Austin",
        "America/Chicago",
        frozenset({(1, 1), (7, 4), (11, 11), (11, 26), (11, 27), (12, 24), (12, 25)}),
    ),
    (
        "bengaluru",
        "Alpha Bengaluru",
        "Asia/Kolkata",
        frozenset({(1, 26), (8, 15), (10, 2), (11, 9), (12, 25)}),
    ),
)


def build_roster(students: int, seed: int) -> Roster:
    """The roster of one simulation; ids carry the seed, e.g. `student-10017`."""
    names = tomllib.loads(NAMES.read_text())
    schools = tuple(
        School(f"school-{key}-{seed}", key, name, ZoneInfo(zone), holidays)
        for key, name, zone, holidays in SCHOOLS
    )
    made: list[Student] = []
    guides: list[Person] = []
    for index, school in enumerate(schools):
        namer = _Namer(school, seed, names[school.key])
        count = students // 2 + (students % 2 if index == 0 else 0)
        made += _students(namer, school, seed, start=len(made), count=count)
        guides += [
            namer.person("guide", f"guide-{seed}{len(guides) + number:02d}")
            for number in range(1, GUIDES_PER_SCHOOL + 1)
        ]
    district_id = f"alpha-schools-{seed}"
    admin = Person(
        f"admin-{seed}01",
        "Morgan",
        "Avery",
        f"morgan.avery{seed}@alpha.example",
        "admin",
        district_id,
    )
    return Roster(district_id, schools, tuple(made), tuple(guides), admin)


class _Namer:
    """Gives people names and unique e-mail addresses, in a fixed order."""

    def __init__(self, school: School, seed: int, names: dict[str, list[str]]) -> None:
        self.chance = dice(seed, "names", school.key)
        self.school = school
        self.seed = seed
        self.names = names
        self.taken: set[str] = set()

    def person(self, role: str, user_id: str, family_name: str | None = None) -> Person:
        given = self.chance.choice(self.names["given"])
        family = family_name or self.chance.choice(self.names["family"])
        mailbox = stem = f"{given}.{family}".lower()
        number = 1
        while mailbox in self.taken:
            number += 1
            mailbox = f"{stem}{number}"
        self.taken.add(mailbox)
        email = f"{mailbox}@{self.school.key}-{self.seed}.example"
        return Person(user_id, given, family, email, role, self.school.school_id)


def _students(namer: _Namer, school: School, seed: int, *, start: int, count: int) -> list[Student]:
    """Students of one school; about one in four is the sibling of the one before."""
    made: list[Student] = []
    for place in range(count):
        number = start + place + 1
        chance = dice(seed, "student", number)
        is_sibling = bool(made) and place % 4 == 3
        parent = (
            made[-1].parent if is_sibling else namer.person("parent", f"parent-{seed}{number:04d}")
        )
        made.append(
            Student(
                person=namer.person("student", f"student-{seed}{number:04d}", parent.family_name),
                school=school,
                grade=3 + place % 6,
                archetype=_archetype(place),
                ability=chance.gauss(0.75, 0.6),
                speed=min(1.6, max(0.75, chance.gauss(1.0, 0.18))),
                parent=parent,
            )
        )
    return made


def _archetype(place: int) -> Archetype:
    """In every thirty: two absent, three stuck, two idle, one rushing, six eager."""
    special: dict[int, Archetype] = {
        4: "stuck",
        7: "absent",
        11: "idle",
        13: "stuck",
        16: "rushing",
        18: "absent",
        22: "stuck",
        26: "idle",
    }
    return special.get(place % 30, "eager" if place % 5 == 0 else "steady")

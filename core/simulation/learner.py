"""How one student learns: where they are in each course, and how a lesson goes for them."""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from core.simulation.catalog import Course, Lesson
from core.simulation.chance import dice
from core.simulation.roster import Student


@dataclass
class Progress:
    """Where a student stands in one course."""

    position: int
    good_sets: int = 0
    sets: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    quizzes: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Learner:
    """A student over time; days must be played in order."""

    def __init__(self, student: Student, seed: int) -> None:
        self.student = student
        self.seed = seed
        self.progress: dict[str, Progress] = {}

    def standing(self, course: Course) -> Progress:
        """Progress in the course; everybody starts somewhere else in its first third."""
        if course.course_id not in self.progress:
            chance = dice(self.seed, "start", self.student.person.user_id, course.course_id)
            self.progress[course.course_id] = Progress(chance.randint(0, len(course.lessons) // 3))
        return self.progress[course.course_id]

    def is_stuck_at(self, course: Course, lesson: Lesson) -> bool:
        """The lesson of each subject that a student of the archetype cannot get past."""
        if self.student.archetype != "stuck" or course.subject not in {"Math", "Reading"}:
            return False
        return lesson.position % len(course.lessons) >= len(course.lessons) // 2

    def chance_of_right(self, course: Course, lesson: Lesson) -> float:
        """Probability of answering an item of the lesson correctly, 0.04 to 0.97."""
        standing = self.standing(course)
        tilt = dice(self.seed, "tilt", self.student.person.user_id, course.subject).gauss(0.3, 0.5)
        difficulty = dice(self.seed, "difficulty", lesson.lesson_id).gauss(0.0, 0.5)
        practice = 0.3 * min(standing.sets[lesson.lesson_id], 5)
        logit = self.student.ability + tilt + practice - difficulty
        if self.is_stuck_at(course, lesson):
            logit = -0.7
        if self.student.archetype == "rushing":
            logit -= 1.2
        return min(0.97, max(0.04, 1 / (1 + math.exp(-logit))))

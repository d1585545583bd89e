"""A sitting, round by round: read or watch a lesson, practise it, be tested and be graded."""

import random
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

from core.simulation.learner import Learner
from core.simulation.moments import Attempt, Kind, Moment, Sitting
from core.simulation.roster import Archetype

PASSING_RATIO = 0.8
GOOD_SETS_BEFORE_QUIZ = 4
IDLE: dict[Archetype, tuple[float, float]] = {"idle": (0.12, 26.0)}  # chance an item, minutes
USUAL_IDLE = (0.004, 14.0)


def study(
    learner: Learner, sitting: Sitting, ends_at: datetime, chance: random.Random
) -> Iterator[Moment]:
    """Rounds of practice, with a quiz where four sets went well, until the time is over."""
    at = sitting.started_at + timedelta(seconds=chance.uniform(8, 25))
    while at < ends_at:
        played = Round(learner, sitting, at, chance)
        yield from played.play()
        at = played.at + timedelta(seconds=chance.uniform(10, 40))


class Round:
    """One round at one lesson: read or watch, practise, and be graded."""

    def __init__(
        self, learner: Learner, sitting: Sitting, at: datetime, chance: random.Random
    ) -> None:
        self.learner = learner
        self.sitting = sitting
        self.chance = chance
        self.course = sitting.course
        self.standing = learner.standing(self.course)
        self.lesson = self.course.lessons[self.standing.position % len(self.course.lessons)]
        self.at = at
        self.productive = 0.0

    def play(self) -> Iterator[Moment]:
        """What happens in the round; afterwards `at` is its end."""
        is_new = self.standing.sets[self.lesson.lesson_id] == 0
        if is_new or (self.course.subject != "Typing" and self.chance.random() < 0.35):
            yield self._moment("viewed")
            self._spend(self.chance.uniform(70, 260))
        if self.standing.good_sets >= GOOD_SETS_BEFORE_QUIZ and self.course.subject != "Typing":
            yield from self._quiz()
        elif self.course.subject == "Typing":
            yield from self._drill()
        else:
            yield from self._practice()

    def _practice(self) -> Iterator[Moment]:
        attempt = self._attempt(is_quiz=False)
        yield self._moment("set_started", attempt=attempt)
        count = self.chance.randint(4, 6)
        right = 0
        for item in range(1, count + 1):
            correct = yield from self._item(attempt, item)
            right += correct
        seconds = (self.at - attempt.started_at).total_seconds()
        yield self._moment("set_completed", attempt=attempt, seconds=seconds)
        yield from self._award(attempt, right / count)
        if right / count >= PASSING_RATIO:
            self.standing.good_sets += 1

    def _quiz(self) -> Iterator[Moment]:
        attempt = self._attempt(is_quiz=True)
        yield self._moment("quiz_started", attempt=attempt)
        count = 5
        right = 0
        for item in range(1, count + 1):
            correct = yield from self._item(attempt, item)
            right += correct
        seconds = (self.at - attempt.started_at).total_seconds()
        yield self._moment(
            "quiz_submitted", attempt=attempt, seconds=seconds, score=right, max_score=count
        )
        self.at += timedelta(seconds=self.chance.uniform(1, 3))
        yield self._moment("graded", attempt=attempt, score=right, max_score=count)
        yield from self._award(attempt, right / count)
        self._go_on(passed=right / count >= PASSING_RATIO)

    def _drill(self) -> Iterator[Moment]:
        """Typing has no questions: a set with a percentage."""
        attempt = self._attempt(is_quiz=False)
        yield self._moment("set_started", attempt=attempt)
        self._spend(self.chance.uniform(150, 280))
        seconds = (self.at - attempt.started_at).total_seconds()
        yield self._moment("set_completed", attempt=attempt, seconds=seconds)
        ratio = self.learner.chance_of_right(self.course, self.lesson)
        percent = round(100 * min(1.0, ratio + self.chance.uniform(-0.08, 0.08)))
        self.at += timedelta(seconds=1)
        yield self._moment("graded", attempt=attempt, score=percent, max_score=100)
        yield from self._award(attempt, percent / 100)
        self._go_on(passed=percent >= 85)

    def _item(self, attempt: Attempt, item: int) -> Generator[Moment, None, bool]:
        """One question; returns whether the answer was right."""
        app = self.sitting.app.key
        if app == "numberpath" and attempt.is_quiz:
            yield self._moment("item_started", attempt=attempt, item=item)
        before = self.at
        self._spend(self._item_seconds())
        idle_chance, idle_minutes = IDLE.get(self.learner.student.archetype, USUAL_IDLE)
        if self.chance.random() < idle_chance:
            self.at += timedelta(minutes=self.chance.uniform(4, idle_minutes))
        right = self.chance.random() < self.learner.chance_of_right(self.course, self.lesson)
        seconds = (self.at - before).total_seconds()
        yield self._moment(
            "item_completed",
            attempt=attempt,
            item=item,
            score=float(right),
            max_score=1.0,
            seconds=seconds,
        )
        if app == "sparklab" and attempt.is_quiz:
            self.at += timedelta(milliseconds=400)
            yield self._moment(
                "item_graded", attempt=attempt, item=item, score=float(right), max_score=1.0
            )
        return right

    def _award(self, attempt: Attempt, ratio: float) -> Iterator[Moment]:
        """XP: the productive minutes, whole for good work, half for fair, none for guessing."""
        share = 1.0 if ratio >= PASSING_RATIO else 0.4 if ratio >= 0.5 else 0.0
        if self.learner.student.archetype == "rushing":
            share = 3.0  # an app that pays too much: the audit's to find
        xp = round(share * self.productive / 60, 1)
        self.at += timedelta(seconds=self.chance.uniform(1, 4))
        yield self._moment("xp_earned", attempt=attempt, score=xp)

    def _go_on(self, *, passed: bool) -> None:
        self.standing.good_sets = 0
        if passed and not self.learner.is_stuck_at(self.course, self.lesson):
            self.standing.position += 1

    def _attempt(self, *, is_quiz: bool) -> Attempt:
        tries = self.standing.quizzes if is_quiz else self.standing.sets
        tries[self.lesson.lesson_id] += 1
        return Attempt(self.lesson, tries[self.lesson.lesson_id], is_quiz, self.at)

    def _item_seconds(self) -> float:
        if self.learner.student.archetype == "rushing":
            return self.chance.uniform(9, 18)
        return self.chance.uniform(45, 120) / self.learner.student.speed

    def _spend(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.productive += seconds

    def _moment(
        self,
        kind: Kind,
        attempt: Attempt | None = None,
        item: int = 0,
        score: float = 0.0,
        max_score: float = 0.0,
        seconds: float = 0.0,
    ) -> Moment:
        return Moment(
            kind, self.at, self.sitting, self.lesson, attempt, item, score, max_score, seconds
        )

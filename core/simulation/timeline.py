"""Everything that the apps send, in the order in which they send it.

Mostly a second or so after it happened; but tablets go offline and send a sitting hours later,
retries send an event twice, and some things are sent wrongly: those the platform must survive.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from itertools import count

from core.simulation.catalog import App
from core.simulation.chance import dice, uuid_of
from core.simulation.learner import Learner
from core.simulation.moments import Flaw, Kind, Moment, Sitting
from core.simulation.plan import SimulationPlan
from core.simulation.rounds import study
from core.simulation.timetable import Booking, bookings, by_student

EARLIEST_ZONE = timedelta(hours=14)  # a local day begins at most so long before the UTC day
OVERLAP_CHANCE = 0.08  # sittings that would begin before the last one ends
OFFLINE_CHANCE = 0.012  # sittings
REPEAT_CHANCE = 0.004  # events
CONFLICT_CHANCE = 0.01  # XP awards sent again under the same id with another score
REGRADE_CHANCE = 0.012  # XP awards
FLAWS: dict[Kind, tuple[Flaw, float]] = {
    "viewed": ("no_lesson", 0.02),  # refused at the door
    "xp_earned": ("text_score", 0.01),  # likewise
    "item_completed": ("unknown_lesson", 0.0015),  # quarantined
}


@dataclass(frozen=True, order=True, slots=True)
class Delivery:
    """One event on its way: when its app sends it, and what it says."""

    at: datetime
    order: int
    moment: Moment = field(compare=False)

    @property
    def app(self) -> App:
        """The app that sends it."""
        return self.moment.sitting.app


@dataclass
class Timeline:
    """The whole simulation as an endless, repeatable stream of deliveries."""

    plan: SimulationPlan

    @cached_property
    def learners(self) -> dict[str, Learner]:
        """Every student's learner, by sourcedId."""
        return {
            student.person.user_id: Learner(student, self.plan.seed)
            for student in self.plan.roster.students
        }

    def deliveries(self) -> Iterator[Delivery]:
        """Every delivery from the plan's first day on, in order of time, without end."""
        waiting: list[Delivery] = []
        order = count()
        for number in count():
            day = self.plan.first_on + timedelta(days=number)
            booked = bookings(
                self.plan.roster, self.plan.apps, self.plan.seed, day, self.plan.today
            )
            for own in by_student(booked).values():
                for moments in self._sittings(own):
                    for at, moment in _sent(moments):
                        heapq.heappush(waiting, Delivery(at, next(order), moment))
            settled = datetime.combine(day + timedelta(days=1), time(), UTC) - EARLIEST_ZONE
            while waiting and waiting[0].at < settled:
                yield heapq.heappop(waiting)

    def _sittings(self, own: list[Booking]) -> Iterator[list[Moment]]:
        """A student's day: one sitting after the other, but now and then two apps at once."""
        free_at = own[0].starts_at
        for booking in own:
            session_id = uuid_of(
                self.plan.seed, booking.student.person.user_id, booking.starts_at.isoformat()
            )
            chance = dice(session_id, "start")
            is_at_once = chance.random() < OVERLAP_CHANCE
            starts_at = booking.starts_at
            if starts_at < free_at and not is_at_once:
                starts_at = free_at + timedelta(seconds=chance.uniform(30, 240))
            sitting = Sitting(
                str(session_id), booking.student, booking.app, booking.course, starts_at
            )
            moments = list(self._moments(sitting, starts_at + booking.length))
            free_at = max(moment.at for moment in moments if moment.kind != "timed_out")
            yield moments

    def _moments(self, sitting: Sitting, ends_at: datetime) -> Iterator[Moment]:
        """A sitting from sign-in to its end; one in five never signs out."""
        learner = self.learners[sitting.student.person.user_id]
        chance = dice(sitting.session_id, "study")
        standing = learner.standing(sitting.course)
        lesson = sitting.course.lessons[standing.position % len(sitting.course.lessons)]
        yield Moment("logged_in", sitting.started_at, sitting, lesson)
        last_at = sitting.started_at
        for moment in study(learner, sitting, ends_at, chance):
            last_at, lesson = moment.at, moment.lesson
            yield moment
        ending = chance.random()
        if ending < 0.8:
            left_at = last_at + timedelta(seconds=chance.uniform(5, 40))
            yield Moment("logged_out", left_at, sitting, lesson)
        elif ending < 0.9:
            yield Moment("timed_out", last_at + timedelta(minutes=15), sitting, lesson)


def _sent(moments: list[Moment]) -> Iterator[tuple[datetime, Moment]]:
    """What one sitting sends, and when."""
    chance = dice(moments[0].sitting.session_id)
    offline = chance.random() < OFFLINE_CHANCE
    online_at = moments[-1].at + timedelta(hours=chance.uniform(1, 20))
    for happened in moments:
        moment = _maybe_flawed(happened, chance.random())
        sent_at = online_at if offline else moment.at + timedelta(seconds=chance.uniform(1, 6))
        yield sent_at, moment
        again_at = sent_at + timedelta(seconds=chance.uniform(20, 900))
        roll = chance.random()
        if roll < REPEAT_CHANCE:
            yield again_at, moment
        elif moment.kind == "xp_earned" and not moment.flaw:
            if roll < REPEAT_CHANCE + CONFLICT_CHANCE:
                yield again_at, moment.flawed("changed_score")
            elif roll > 1 - REGRADE_CHANCE:
                yield again_at, moment.regraded(round(moment.score * 0.8, 1), again_at)


def _maybe_flawed(moment: Moment, roll: float) -> Moment:
    """Now and then an event without its lesson, with a draft's, or with a score in quotes."""
    flaw, share = FLAWS.get(moment.kind, ("", 0.0))
    return moment.flawed(flaw) if roll < share else moment

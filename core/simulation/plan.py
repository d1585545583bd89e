"""What is to be simulated."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from core.simulation.catalog import App, load_apps
from core.simulation.roster import Person, Roster, build_roster


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class SimulationPlan:
    """So many students, so many days of history before `today`; equal plans play equally.

    A plan that is taken up again later keeps the `today` of its first start: what students
    did on a day depends on the days before it.
    """

    students: int = 60
    days: int = 21
    seed: int = 1
    today: date = field(default_factory=_today)

    @property
    def first_on(self) -> date:
        """The first simulated day."""
        return self.today - timedelta(days=self.days)

    @cached_property
    def apps(self) -> tuple[App, ...]:
        """The three partner apps, in the order of their credentials."""
        return load_apps(self.seed)

    @cached_property
    def roster(self) -> Roster:
        """Schools and people."""
        return build_roster(self.students, self.seed)

    def people(self) -> list[tuple[str, str, str, str]]:
        """Who may sign in to the demo: (e-mail, name, user sourcedId, role).

        The admin, every guide, the parents of the first students of each school, and those
        students. Roles: admin, guide, parent, student.
        """
        shown: list[Person] = [self.roster.admin, *self.roster.guides]
        for school in self.roster.schools:
            own = [student for student in self.roster.students if student.school == school]
            shown += [person for first in own[:1] for person in (first.parent, first.person)]
        return [(person.email, person.name, person.user_id, person.role) for person in shown]

"""Where a simulation stopped, so that it goes on there when it is started again."""

from datetime import date, datetime
from pathlib import Path
from typing import Self

import msgspec

from core.simulation.plan import SimulationPlan


class Bookmark(msgspec.Struct, frozen=True):
    """A plan's figures and the moment up to which it was played."""

    students: int
    days: int
    seed: int
    today: date
    played_until: datetime

    @classmethod
    def of(cls, plan: SimulationPlan, played_until: datetime) -> Self:
        """The bookmark of a plan played so far."""
        return cls(plan.students, plan.days, plan.seed, plan.today, played_until)

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """The bookmark kept at `path`, or None if there is none."""
        return msgspec.json.decode(path.read_bytes(), type=cls) if path.exists() else None

    def save(self, path: Path) -> None:
        """Keep it at `path`, whole or not at all."""
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(self))
        fresh.replace(path)

    def plan(self) -> SimulationPlan:
        """The plan, as it was when it was first played."""
        return SimulationPlan(self.students, self.days, self.seed, self.today)

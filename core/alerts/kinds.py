"""The kinds of alerts: for whom, on which local days, from which local hour on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.settings import Settings

KindName = Literal["guide_daily", "parent_weekly"]


@dataclass(frozen=True)
class Kind:
    """One kind of alert. `weekday` counts from 0 for Monday; None is every day."""

    name: KindName
    role: str
    hour: int
    weekday: int | None = None

    def due_on(self, now: datetime) -> date | None:
        """The local day whose alert is due at a local time; None before its hour, or no day."""
        is_its_day = self.weekday is None or now.weekday() == self.weekday
        return now.date() if is_its_day and now.hour >= self.hour else None


def kinds(settings: Settings) -> tuple[Kind, ...]:
    """All kinds, at the hours that the settings give them."""
    return (
        Kind("guide_daily", "guide", settings.guide_digest_hour),
        Kind(
            "parent_weekly",
            "parent",
            settings.parent_digest_hour,
            weekday=settings.parent_digest_weekday,
        ),
    )

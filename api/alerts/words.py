"""Figures as alerts write them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def counted(count: int, noun: str) -> str:
    """`1 student`, `2 students`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """Seconds as `4 h 10 min`; under an hour as minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def day_words(day: date) -> str:
    """`Tuesday 24 November`."""
    return f"{day:%A %-d %B}"


def short_day(day: date) -> str:
    """`24 November`."""
    return f"{day:%-d %B}"


def days_words(first: date, last: date) -> str:
    """`16 to 18 November`, `30 November to 2 December`, or one day alone."""
    if first == last:
        return short_day(first)
    is_one_month = (first.year, first.month) == (last.year, last.month)
    start = f"{first:%-d}" if is_one_month else short_day(first)
    return f"{start} to {short_day(last)}"


def as_of_words(as_of: datetime, zone: ZoneInfo) -> str:
    """An instant on the school's clock: `24 November, 17:02 (Chicago time)`."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    name = "UTC" if zone.key == "UTC" else f"{city} time"
    return f"{as_of.astimezone(zone):%-d %B, %H:%M} ({name})"

"""Days in requests: inclusive local dates in one time zone, also sent as ISO date-times."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import Fault, MalformedError
from core.zones import find_zone

SPACED_OFFSET = re.compile(r" (?=\d{2}:?\d{2}$)")  # a "+" that a client forgot to encode
DEFAULT_DAYS = 7
YEARS = range(1900, 2200)

Parameter = tuple[str, str | None]  # a query parameter's name and its text, None if not sent


@dataclass(frozen=True)
class Period:
    """Local days from `start` to `end`, both included, in `zone`."""

    start: date
    end: date
    zone: ZoneInfo

    @property
    def parameters(self) -> dict[str, date]:
        """Named query parameters `start_on` and `end_on`."""
        return {"start_on": self.start, "end_on": self.end}


def read_zone(name: str, known: Collection[str]) -> ZoneInfo:
    """The zone that `timezone=` names; 400 if Python or DuckDB (`known`) has no such zone."""
    zone = find_zone(name)
    if zone is None or name not in known:
        message = f"{name!r} is not an IANA time zone, such as America/Chicago."
        raise refusal("timezone", message, "unknown_timezone")
    return zone


def read_day(parameter: str, text: str | None, zone: ZoneInfo) -> date | None:
    """A date as sent, or the date in `zone` of a date-time (without offset: local); else 400."""
    if text is None:
        return None
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
        else:
            instant = datetime.fromisoformat(SPACED_OFFSET.sub("+", text.strip()))
            day = (instant.astimezone(zone) if instant.tzinfo else instant).date()
        if day.year not in YEARS:
            raise ValueError
        return day
    except (ValueError, OverflowError):
        message = f"{text!r} is not an ISO 8601 date or date-time, such as 2026-01-15."
        raise refusal(parameter, message, "invalid_date") from None


def read_instant(parameter: str, text: str | None) -> datetime | None:
    """A date-time as sent (without offset: UTC; a date: its first instant); else 400."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(SPACED_OFFSET.sub("+", text.strip()))
        if instant.year not in YEARS:
            raise ValueError
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is not an ISO 8601 date-time, such as 2026-01-15T08:00:00Z."
        raise refusal(parameter, message, "invalid_date") from None


def read_last_instant(parameter: str, text: str | None) -> datetime | None:
    """As `read_instant`, but a date means its last instant (UTC)."""
    instant = read_instant(parameter, text)
    if instant is None or text is None or len(text.strip()) > len("2026-01-15"):
        return instant
    return instant + timedelta(days=1, microseconds=-1)


def one_of(*parameters: Parameter) -> Parameter:
    """The one parameter sent of several names for the same thing; 400 if they disagree."""
    sent = [parameter for parameter in parameters if parameter[1] is not None]
    if len({text for _, text in sent}) > 1:
        names = " and ".join(name for name, _ in sent)
        raise refusal(sent[1][0], f"{names} say different things.", "parameters_disagree")
    return sent[0] if sent else parameters[0]


def given_period(
    start: Parameter, end: Parameter, *, zone: Callable[[], ZoneInfo]
) -> Period | None:
    """The period between two parameters, open where one was not sent; None if neither was.

    `zone` is asked only if one was. 400 if the period ends before it starts.
    """
    if start[1] is None and end[1] is None:
        return None
    place = zone()
    first = read_day(*start, place) or date.min
    return _period(start[0], first, read_day(*end, place) or date.max, place)


def recent_period(
    start: Parameter, end: Parameter, *, zone: ZoneInfo, as_of: datetime, days: int = DEFAULT_DAYS
) -> Period:
    """As `given_period`; without an end to the day of `as_of`, without a start `days` long."""
    today = as_of.astimezone(zone).date()
    first = read_day(*start, zone)
    last = read_day(*end, zone) or max(today, first or today)
    if first is None:
        first = last - timedelta(days=min(days - 1, (last - date.min).days))
    return _period(start[0], first, last, zone)


def up_to(as_of: datetime, days: Period, zone: ZoneInfo) -> Period:
    """The same dates in `zone`, of which none is after that of `as_of`; it may be empty."""
    return Period(days.start, min(days.end, as_of.astimezone(zone).date()), zone)


def _period(parameter: str, first: date, last: date, zone: ZoneInfo) -> Period:
    if first > last:
        message = f"The period starts on {first} and ends on {last}, before it starts."
        raise refusal(parameter, message, "period_reversed")
    return Period(first, last, zone)


def refusal(parameter: str, message: str, code: str) -> MalformedError:
    """A 400 that names the query parameter."""
    return MalformedError(message, code=code, faults=(Fault(f"query.{parameter}", message),))

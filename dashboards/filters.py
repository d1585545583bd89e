"""Filters that live in the URL by id, so that a link shows the same page and names nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

Value = TypeVar("Value")
SPANS = {"7": "7 days", "14": "14 days", "28": "28 days", "90": "90 days"}
DEFAULT_SPAN = "14"
WEEKS_OFFERED = 13


def choose(label: str, parameter: str, choices: dict[str, str], width: int = 260) -> str | None:
    """One of `choices` (id to title), kept in the URL under `parameter`; None without choices."""
    if not choices:
        return None
    first = next(iter(choices))
    key = _follow(parameter, lambda wanted: wanted if wanted in choices else first)
    if st.session_state[key] not in choices:
        st.session_state[key] = first
    chosen = st.selectbox(
        label, list(choices), key=key, format_func=lambda one: choices.get(one, ""), width=width
    )
    return _keep(parameter, chosen, default=first)


def wanted(parameter: str) -> str | None:
    """What is chosen, or what the address asks for, ahead of a `choose` further down the page."""
    chosen: str = st.session_state[_follow(parameter, lambda asked: asked or "")]
    return chosen or None


def day(parameter: str, today: date, label: str = "Day") -> date | None:
    """A day up to today, kept in the URL; None means today wherever the student is."""
    key = _follow(parameter, lambda wanted: min(_read_day(wanted) or today, today))
    picked = st.date_input(label, max_value=today, key=key, format="YYYY-MM-DD", width=160)
    chosen = picked if isinstance(picked, date) and picked != today else None
    _keep(parameter, chosen.isoformat() if chosen else None, default=None)
    return chosen


def when(day: date | None) -> str:
    """A chosen day in a sentence: `today`, `on 20 Nov`."""
    return "today" if day is None else f"on {day:%-d %b}"


def days_back(parameter: str = "days") -> int:
    """How many days to look back, kept in the URL."""
    key = _follow(parameter, lambda wanted: wanted if wanted in SPANS else DEFAULT_SPAN)
    picked = st.segmented_control(
        "Look back", list(SPANS), key=key, format_func=SPANS.__getitem__, required=True
    )
    return int(_keep(parameter, picked, default=DEFAULT_SPAN) or DEFAULT_SPAN)


def first_day(days: int, zone: str) -> str:
    """The instant at which the first of so many days up to today began in a zone (ISO 8601)."""
    today = datetime.now(ZoneInfo(zone)).date()
    first = datetime.combine(today - timedelta(days=days - 1), time(), ZoneInfo(zone))
    return first.astimezone(UTC).isoformat()


def week(parameter: str, today: date) -> date | None:
    """A week by one of its days, kept in the URL as its Monday; None for the newest."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(WEEKS_OFFERED)]
    wanted = _read_day(st.query_params.get(parameter))
    if wanted is not None:
        known = min(wanted, today)
        monday = known - timedelta(days=known.weekday())
        st.query_params[parameter] = monday.isoformat()
        if monday not in mondays:
            mondays.append(monday)
    choices = {"": "Newest"} | {one.isoformat(): f"{one:%-d %b %Y}" for one in mondays}
    return _read_day(choose("Week of Monday", parameter, choices, width=180))


def _follow(parameter: str, read: Callable[[str | None], Value]) -> str:
    """The widget's key; its value follows the address whenever a link has changed it."""
    key, seen = f"filter_{parameter}", f"address_{parameter}"
    wanted = st.query_params.get(parameter)
    if key not in st.session_state or st.session_state.get(seen) != wanted:
        st.session_state[key] = read(wanted)
        st.session_state[seen] = wanted
    return key


def _keep(parameter: str, chosen: str | None, *, default: str | None) -> str | None:
    """Write the choice into the address, unless it is what the page shows anyway."""
    written = None if chosen == default else chosen
    if written is None:
        st.query_params.pop(parameter, None)
    else:
        st.query_params[parameter] = written
    st.session_state[f"address_{parameter}"] = written
    return chosen


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

"""Filters that live in the URL by id, so that a link shows the same page and names nobody.

A link to what is not there, or not the viewer's, says so and ends the page: nothing is shown in
its place.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NoReturn, TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

Value = TypeVar("Value")
SPANS = {"7": "7 days", "14": "14 days", "28": "28 days", "90": "90 days"}
DEFAULT_SPAN = "14"
WEEKS_OFFERED = 13


def choose(label: str, parameter: str, choices: dict[str, str], width: int = 260) -> str | None:
    """One of `choices` (id to title), kept in the URL under `parameter`; None without choices.

    The page ends here if the address asks for another one.
    """
    if not choices:
        return None
    first, asked = next(iter(choices)), st.query_params.get(parameter)
    key = _follow(parameter, lambda wanted: wanted if wanted in choices else None)
    held = st.session_state[key]
    if held not in choices:
        # What another filter took away gives way to all; what a link asks for never does.
        is_taken = held is not None and "" in choices
        st.session_state[key] = held = first if asked is None else "" if is_taken else None
    chosen = st.selectbox(
        label,
        list(choices),
        key=key,
        format_func=lambda one: choices.get(one, ""),
        width=width,
        index=None if held is None else 0,
        placeholder="Choose one",
    )
    if chosen is None:
        not_there(label)
    return _keep(parameter, chosen, default=first)


def wanted(parameter: str) -> str | None:
    """What is chosen, or what the address asks for, ahead of a `choose` further down the page."""
    chosen: str = st.session_state[_follow(parameter, lambda asked: asked or "")]
    return chosen or None


def day(parameter: str, today: date, label: str = "Day") -> date | None:
    """A day up to today, kept in the URL; None means today wherever the student is."""
    key = _follow(parameter, lambda wanted: _read_day(wanted, today) if wanted else today)
    picked = st.date_input(
        label,
        max_value=today,
        key=key,
        format="YYYY-MM-DD",
        width=160,
        value=st.session_state[key],
    )
    if not isinstance(picked, date):
        not_there(label)
    chosen = picked if picked != today else None
    _keep(parameter, chosen.isoformat() if chosen else None, default=None)
    return chosen


def when(day: date | None) -> str:
    """A chosen day in a sentence: `today`, `on 20 Nov`."""
    return "today" if day is None else f"on {day:%-d %b}"


def days_back(parameter: str = "days") -> int:
    """How many days to look back, kept in the URL."""
    asked = st.query_params.get(parameter, DEFAULT_SPAN)
    key = _follow(parameter, lambda _: asked if asked in SPANS else None)
    picked = st.segmented_control(
        "Look back", list(SPANS), key=key, format_func=SPANS.__getitem__, required=asked in SPANS
    )
    if picked is None and asked not in SPANS:
        not_there("Look back")
    return int(_keep(parameter, picked, default=DEFAULT_SPAN) or DEFAULT_SPAN)


def first_day(days: int, zone: str) -> str:
    """The instant at which the first of so many days up to today began in a zone (ISO 8601)."""
    today = datetime.now(ZoneInfo(zone)).date()
    first = datetime.combine(today - timedelta(days=days - 1), time(), ZoneInfo(zone))
    return first.astimezone(UTC).isoformat()


def week(parameter: str, today: date) -> date | None:
    """A week by one of its days, kept in the URL as its Monday; None for the newest."""
    this = _monday(today)
    mondays = [this - timedelta(weeks=back) for back in range(WEEKS_OFFERED)]
    asked = _read_day(st.query_params.get(parameter), last=this + timedelta(days=6))
    if asked is not None:
        monday = _monday(asked)
        st.query_params[parameter] = monday.isoformat()
        if monday not in mondays:
            mondays.append(monday)
    choices = {"": "Newest"} | {one.isoformat(): f"{one:%-d %b %Y}" for one in mondays}
    chosen = choose("Week of Monday", parameter, choices, width=180)
    return date.fromisoformat(chosen) if chosen else None


def not_there(label: str) -> NoReturn:
    """Say that what the address asks for cannot be shown, and read nothing for it."""
    st.info(
        f"**{label}:** what this link asks for is not there, or not yours to see. Choose another.",
        icon=":material/link_off:",
    )
    st.stop()


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


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _read_day(text: str | None, last: date) -> date | None:
    """The day that a text names; None for none, or one after `last`."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day <= last else None

"""Filters that live in the URL by id, so that a link shows the same page and names nobody."""

from datetime import date
from typing import Any

import streamlit as st


def choose(label: str, parameter: str, choices: dict[str, str], width: int = 260) -> str | None:
    """One of `choices` (id to title), kept in the URL under `parameter`; None without choices."""
    if not choices:
        return None
    ids = list(choices)
    wanted = st.query_params.get(parameter)
    index = ids.index(wanted) if wanted in ids else 0
    key = f"filter_{parameter}_{wanted}"
    chosen = st.selectbox(
        label, ids, index=index, key=key, format_func=choices.__getitem__, width=width
    )
    return _keep(parameter, chosen, default=ids[0])


def day(parameter: str, today: date | None) -> date | None:
    """A day up to today, kept in the URL; None means today wherever the student is."""
    wanted = _iso(st.query_params.get(parameter))
    picked = st.date_input(
        "Day", value=wanted or today or "today", max_value=today, key=f"filter_{parameter}",
        format="YYYY-MM-DD", width=160,
    )  # fmt: skip
    if not isinstance(picked, date) or picked == today:
        st.query_params.pop(parameter, None)
        return None
    st.query_params[parameter] = picked.isoformat()
    return picked


def days_back(parameter: str = "days") -> int:
    """How many days to look back, kept in the URL."""
    spans = {"7": "7 days", "14": "14 days", "28": "28 days", "90": "90 days"}
    ids = list(spans)
    wanted = st.query_params.get(parameter, "14")
    picked = st.segmented_control(
        "Look back", ids, default=wanted if wanted in ids else "14", key=f"filter_{parameter}",
        format_func=spans.__getitem__, required=True,
    )  # fmt: skip
    return int(_keep(parameter, picked, default="14") or 14)


def _keep(parameter: str, chosen: str | None, *, default: str) -> str | None:
    if chosen is None or chosen == default:
        st.query_params.pop(parameter, None)
    else:
        st.query_params[parameter] = chosen
    return chosen


def _iso(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

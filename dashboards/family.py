"""How states are called on the pages of families: facts about the child, in kind words.

What the reports say to families in sentences is in `api/reports/family_words.py`.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from dashboards import filters, layout
from dashboards.session import SignedIn
from dashboards.theme import AMBER, MASTERY, SKY, STATUSES, Look

STAFF = frozenset({"guide", "admin", "platform_admin"})
FAMILY_STATUSES = STATUSES | {
    "on_pace": replace(STATUSES["on_pace"], word="On the way"),
    "behind": Look("Part of the goal", "◐", SKY, ":material/clock_loader_40:", "blue"),
    "not_started": replace(STATUSES["not_started"], word="Not begun"),
}
FAMILY_MASTERY = MASTERY | {
    "practicing": replace(MASTERY["practicing"], word="Practising"),
    "needs_review": Look("Time to revisit", "↻", AMBER, ":material/replay:", "yellow"),
    "not_started": replace(MASTERY["not_started"], word="Not begun"),
}


def is_family(person: SignedIn) -> bool:
    """Parents and students: whoever reads as neither guide nor admin."""
    return not person.roles & STAFF


def statuses_for(person: SignedIn) -> dict[str, Look]:
    """What the states of a day are called for this person."""
    return FAMILY_STATUSES if is_family(person) else STATUSES


def mastery_for(person: SignedIn) -> dict[str, Look]:
    """What the states of a lesson are called for this person."""
    return FAMILY_MASTERY if is_family(person) else MASTERY


def children(
    title: str, report: str, *, label: str = "Day"
) -> tuple[list[dict[str, Any]], date | None]:
    """Open a parents' page: what a report of a chosen day says of each child, and the day."""
    person, me = layout.opened(title)
    day = filters.day("day", layout.today(me), label=label)
    with layout.guarded(), st.spinner("Reading …"):
        answer = person.api.report(report, on=day)
    told: list[dict[str, Any]] = answer["children"]
    zone = told[0]["standing"]["timezone"] if told else layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    if not told:
        layout.nothing("No child is linked to you. Ask the school to link you as a parent.")
    return told, day

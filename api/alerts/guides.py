"""The guide's daily digest: who needs someone first and why, and how the day went."""

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from api.alerts.words import as_of_words, counted, day_words
from api.reading import Reading
from api.reports.queries.apps import app_names
from api.reports.queries.standing import standings
from api.reports.reading import learners_of
from api.reports.schemas.learning import Standing
from api.reports.wording import amount
from core.access import Viewer, sight_of
from core.alerts.digest import Digest
from core.builds.reader import PublishedLake
from core.identity.people import Person

FREE = frozenset({"no_school", "no_goal"})
SAID = {
    "met": ("has met the goal", "have met the goal"),
    "on_pace": ("is on pace", "are on pace"),
    "behind": ("is behind", "are behind"),
    "not_started": ("has not started", "have not started"),
}


def compose(
    connection: psycopg.Connection[Any],
    lake: PublishedLake,
    viewer: Viewer,
    person: Person,
    day: date,
    *,
    origin: str,
) -> Digest | None:
    """The day of the students whom this guide may see now; None on a day without school.

    Reasons are those of the build, whichever the day. `origin` is where the dashboards are.
    """
    reading = Reading(viewer, sight_of(connection, viewer), connection, lake)
    students = learners_of(reading, None)
    found = standings(lake, students, day, app_names(connection, lake))
    if all(one.status in FREE for one in found):
        return None
    flagged = [one for one in found if one.flags]
    total = counted(len(found), "student")
    verb = "needs" if len(flagged) == 1 else "need"
    need = f"{len(flagged)} of {total} {verb} you"
    return Digest(
        template="guide_daily",
        subject=f"{day_words(day)}: {need}",
        figures={
            "greeting": person.given_name or person.name,
            "day": day_words(day),
            "sentence": f"{need}. {standing_words(found)}.",
            "flagged": [_line(one) for one in flagged],
            "link": f"{origin}/guide-today?day={day.isoformat()}",
            "as_of": as_of_words(lake.build.as_of, ZoneInfo(found[0].timezone)),
            "build": lake.build.build_number,
        },
        student_ids=tuple(one.student_id for one in found),
        build_id=lake.build.build_id,
    )


def standing_words(found: list[Standing]) -> str:
    """How many stand where, in words."""
    counts = Counter(one.status for one in found)
    return ", ".join(
        f"{counts[status]} {one if counts[status] == 1 else many}"
        for status, (one, many) in SAID.items()
        if counts[status]
    )


def _line(one: Standing) -> dict[str, Any]:
    goal = f" of {amount(one.goal_xp)}" if one.goal_xp else ""
    return {
        "name": one.name,
        "xp": f"{amount(one.earned_xp)}{goal} XP",
        "reasons": [flag.text for flag in one.flags],
    }

"""How states look: a word, a mark and a colour each, so that colour never speaks alone.

The colours are Okabe and Ito's, which people with any colour vision tell apart. Ink, grid and gaps
follow the page, light or dark: a chart asks for them as it is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import altair as alt
import polars as pl

Badge = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]


def by_page(light: str, dark: str) -> alt.ExprRef:
    """A colour on a light page, and the one on a dark page; Vega knows the page's background."""
    return alt.ExprRef(f"luminance(background || '#fff') > 0.5 ? '{light}' : '{dark}'")


INK = by_page("#17212b", "#eef2f6")
MUTED = by_page("#5b6b7a", "#aebac6")
GRID = by_page("#e3e9ef", "#2c3947")
GAP = by_page("#ffffff", "#0f161d")  # between neighbours that touch
INK_ON_COLOUR = "#17212b"
GREEN = "#009e73"
BLUE = "#0072b2"
SKY = "#56b4e9"
AMBER = "#e69f00"
RED = "#d55e00"
PINK = "#cc79a7"
GREY = "#8a96a3"
APP_COLOURS = (BLUE, AMBER, GREEN, PINK, SKY, RED)


@dataclass(frozen=True)
class Look:
    """How one state is shown. `badge` is the colour that Streamlit's badges know it by."""

    word: str
    mark: str
    colour: str
    icon: str
    badge: Badge

    @property
    def label(self) -> str:
        """Mark and word, for tables and legends."""
        return f"{self.mark} {self.word}"


STATUSES = {
    "met": Look("Goal met", "✓", GREEN, ":material/check_circle:", "green"),
    "on_pace": Look("On pace", "●", BLUE, ":material/trending_up:", "blue"),
    "behind": Look("Behind", "▼", RED, ":material/trending_down:", "orange"),
    "not_started": Look("Not started", "○", GREY, ":material/hourglass_empty:", "gray"),
    "no_school": Look("No school", "–", GREY, ":material/event_busy:", "gray"),
    "no_goal": Look("No goal", "–", GREY, ":material/remove:", "gray"),
}
MASTERY = {
    "mastered": Look("Mastered", "★", GREEN, ":material/star:", "green"),
    "proficient": Look("Proficient", "✓", SKY, ":material/check:", "blue"),
    "practicing": Look("Practicing", "●", AMBER, ":material/edit:", "yellow"),
    "started": Look("Started", "◐", PINK, ":material/play_arrow:", "violet"),
    "needs_review": Look("Needs review", "▼", RED, ":material/replay:", "orange"),
    "not_started": Look("Not started", "○", GREY, ":material/circle:", "gray"),
}
VERDICTS = {
    "accepted": Look("Accepted", "✓", GREEN, ":material/check_circle:", "green"),
    "quarantined": Look("Waiting for a mend", "◐", AMBER, ":material/hourglass_top:", "yellow"),
    "rejected": Look("Rejected", "✕", RED, ":material/cancel:", "red"),
    "conflict": Look("Conflict", "≠", PINK, ":material/call_split:", "violet"),
    "duplicate": Look("Duplicate", "=", SKY, ":material/content_copy:", "blue"),
    "unprocessed": Look("Kept, not counted", "–", GREY, ":material/inventory_2:", "gray"),
}
BUILDS = {
    "published": Look("Published", "✓", GREEN, ":material/check_circle:", "green"),
    "failed": Look("Failed", "✕", RED, ":material/cancel:", "red"),
    "running": Look("Running", "●", BLUE, ":material/sync:", "blue"),
    "dropped": Look("Dropped", "–", GREY, ":material/delete:", "gray"),
}
STUCK = {
    "struggling": Look("Struggling", "▼", RED, ":material/flag:", "red"),
    "needs_review": Look("Needs review", "↻", AMBER, ":material/replay:", "yellow"),
    "no_progress": Look("Tries, no progress", "●", PINK, ":material/pause_circle:", "violet"),
}
TRENDS = {
    "rose": Look("Rose", "▲", GREEN, ":material/trending_up:", "green"),
    "steady": Look("Steady", "●", BLUE, ":material/trending_flat:", "blue"),
    "fell": Look("Fell", "▼", RED, ":material/trending_down:", "orange"),
    "no_comparison": Look("Nothing to compare", "–", GREY, ":material/remove:", "gray"),
}
ALERTS = {
    "sent": Look("Sent", "✓", GREEN, ":material/check_circle:", "green"),
    "held": Look("Waits in the outbox", "◐", AMBER, ":material/inbox:", "yellow"),
    "nothing": Look("Nothing to say", "–", GREY, ":material/remove:", "gray"),
    "sending": Look("Being sent", "●", BLUE, ":material/outgoing_mail:", "blue"),
    "failed": Look("Not sent", "✕", RED, ":material/cancel:", "red"),
    "uncertain": Look("Perhaps sent", "?", PINK, ":material/help:", "violet"),
}
ALERT_KINDS = {"guide_daily": "Guide, daily", "parent_weekly": "Parent, weekly"}
SEVERITIES = {
    "serious": Look("Serious", "✕", RED, ":material/error:", "red"),
    "warning": Look("Look at it", "▼", AMBER, ":material/warning:", "orange"),
    "fine": Look("Fine", "✓", GREEN, ":material/check_circle:", "green"),
    "unknown": Look("Too little to judge", "–", GREY, ":material/hourglass_empty:", "gray"),
}
DIFFERENCES = {
    "missing": Look("Missing here", "✕", RED, ":material/error:", "red"),
    "not_accepted": Look("Not accepted", "◐", AMBER, ":material/hourglass_top:", "yellow"),
    "unknown": Look("Not in your list", "+", PINK, ":material/help:", "violet"),
    "waiting": Look("Not judged yet", "○", SKY, ":material/schedule:", "blue"),
}
END_REASONS = {
    "logged_out": "Logged out",
    "timed_out": "Timed out",
    "inferred_idle": "No logout seen",
    "superseded": "New login",
    "idle_split": "Long pause",
    "capped": "Cut at 8 hours",
    "orphan": "Logout alone",
    "open": "Going on",
}


def look(looks: dict[str, Look], state: str) -> Look:
    """The look of a state; a state that is new here keeps its own name."""
    return looks.get(state) or Look(state.replace("_", " "), "·", GREY, ":material/circle:", "gray")


def labels(column: str, looks: Mapping[str, Look]) -> pl.Expr:
    """A column of states as mark and word, as `look` has them.

    No Python function runs on the column: one in polars' threads and a viewer's thread that waits
    for those would hold each other up for ever.
    """
    known = {state: seen.label for state, seen in looks.items()}
    new = pl.concat_str(pl.lit("· "), pl.col(column).str.replace_all("_", " "))
    return pl.col(column).replace_strict(known, default=new, return_dtype=pl.String)

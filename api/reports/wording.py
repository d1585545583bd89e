"""Sentences that the reports say: why a student is flagged, what mends an event."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def flag_text(flag: Mapping[str, Any]) -> str:
    """An off-track flag as a sentence with its numbers.

    `flag` has `reason`, `measured`, `threshold` and `lesson_title`, as in `fct_off_track_flags`.
    """
    measured = flag["measured"] or 0.0
    threshold = flag["threshold"] or 0.0
    match flag["reason"]:
        case "no_events":
            return f"No activity for {measured:.0f} school days; flagged from {threshold:.0f}."
        case "goal_missed":
            return (
                f"Missed the goal on {measured:.0f} of the last 5 school days;"
                f" flagged from {threshold:.0f}."
            )
        case "low_accuracy":
            return f"{measured:.0%} correct over 7 days; flagged below {threshold:.0%}."
        case "idle":
            return f"{measured:.0%} of the time of 7 days idle; flagged above {threshold:.0%}."
        case "struggling_lesson":
            lesson = flag["lesson_title"] or "a lesson"
            return f"Struggling with {lesson}: {measured:.0%} of the last answers correct."
        case "xp_review":
            entries = "entry" if measured == 1 else "entries"
            return f"{measured:.0f} XP {entries} of the last 7 days to review."
        case reason:
            return f"{reason}: measured {measured:g}, limit {threshold:g}."


WEAK_DISCRIMINATION = 0.1  # correlation with the other answers; good questions have 0.2 and more


def item_hint(discrimination: float | None) -> str | None:
    """What a question's discrimination suggests; None where it suggests nothing."""
    if discrimination is None:
        return None
    if discrimination < 0:
        return "Students who know the rest miss it more often: look at the question itself."
    if discrimination < WEAK_DISCRIMINATION:
        return "Those who know the rest miss it as often as others: it may be unclear."
    return None


EXPECTED_EVENTS = (
    {"event_type": "SessionEvent", "is_needed": True, "purpose": "Sessions and time on task"},
    {"event_type": "GradeEvent", "is_needed": True, "purpose": "XP and grades"},
    {"event_type": "AssessmentItemEvent", "is_needed": False, "purpose": "Answers to questions"},
    {"event_type": "AssessmentEvent", "is_needed": False, "purpose": "Whole assessments"},
    {"event_type": "ViewEvent", "is_needed": False, "purpose": "Time spent on content"},
    {"event_type": "AssignableEvent", "is_needed": False, "purpose": "Life of an assignment"},
)


def mend(reason: str) -> str:
    """What a partner changes so that events of that reason count."""
    sentences = _mends()
    return sentences.get(reason, sentences["other"])


@cache
def _mends() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "mends.toml").read_text())

"""Sentences that the reports say: why a student is flagged, what mends an event."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


def amount(xp: float, *, sign: str = "") -> str:
    """XP: one digit after the point, none for whole numbers; with `sign="+"` also a plus."""
    return f"{xp:{sign},.1f}".removesuffix(".0")


def flag_text(flag: Mapping[str, Any]) -> str:
    """An off-track flag as a sentence with its numbers.

    `flag` has `reason`, `measured`, `threshold`, `evidence_count` and `lesson_title`, as in
    `fct_off_track_flags`.
    """
    measured = flag["measured"] or 0.0
    threshold = flag["threshold"] or 0.0
    count = flag["evidence_count"]
    match flag["reason"]:
        case "no_events":
            return f"No activity for {measured:.0f} school days; flagged from {threshold:.0f}."
        case "goal_missed":
            return (
                f"Missed the goal on {measured:.0f} of the last {count} school days;"
                f" flagged from {threshold:.0f}."
            )
        case "low_accuracy":
            return (
                f"{measured:.0%} of {count} answers correct over 7 days;"
                f" flagged below {threshold:.0%}."
            )
        case "idle":
            return (
                f"{measured:.0%} of {count} minutes idle over 7 days;"
                f" flagged above {threshold:.0%}."
            )
        case "struggling_lesson":
            lesson = flag["lesson_title"] or "a lesson"
            return f"Struggling with {lesson}: {measured:.0%} of the last {count} answers correct."
        case "xp_review":
            return f"{measured:.0f} of {_entries(count)} of the last 7 days to review."
        case reason:
            return f"{reason}: measured {measured:g}, limit {threshold:g}."


def review_text(entry: Mapping[str, Any]) -> str | None:
    """Why an entry of the ledger is to be looked at; None if it is not.

    `entry` has `review_reason`, `review_xp` and `review_active_minutes`, as in `fct_xp_ledger`.
    """
    match entry["review_reason"]:
        case None:
            return None
        case "over_active_time":
            minutes = entry["review_active_minutes"]
            return f"{amount(entry['review_xp'])} XP on a day of {minutes:.0f} active minutes"
        case _:
            return f"{amount(entry['review_xp'])} XP in one event"


def restatement(
    days: Sequence[Mapping[str, Any]], ledger: Sequence[Mapping[str, Any]], zone: str
) -> str | None:
    """When a day that was over changed, and by what; None if it never did.

    `days` holds the day's row (`restated_at`) if there is one, `ledger` its entries.
    """
    changed: list[datetime] = [row["restated_at"] for row in days if row["restated_at"]]
    if not changed:
        return None
    at = max(changed).astimezone(ZoneInfo(zone or "UTC"))
    when = f"This day last changed on {at:%-d %b at %H:%M}, after it was over"
    late = [row for row in ledger if row["restated_at"]]
    if not late:
        return f"{when}: time, answers or the goal became known late, no XP did."
    added = amount(sum(row["xp"] for row in late), sign="+")
    corrections = sum(1 for row in late if row["kind"] == "correct")
    text = f"{when}: {len(late)} of {_entries(len(ledger))} came late ({added} XP)"
    return f"{text}, {corrections} of them to correct earlier ones." if corrections else f"{text}."


def waiting(ledger: Sequence[Mapping[str, Any]]) -> str | None:
    """XP that waits for an enrollment, and in what; None if there is none."""
    pending = [row for row in ledger if row["status"] == "pending_enrollment"]
    if not pending:
        return None
    waits = amount(sum(row["xp"] for row in pending))
    courses = ", ".join(sorted({row["course_title"] or row["subject"] or "" for row in pending}))
    verb = "waits" if len(pending) == 1 else "wait"
    return (
        f"{waits} XP of {_entries(len(pending))} {verb} for an enrollment in {courses};"
        " it counts toward the goal as soon as the school enrolls the student."
    )


def _entries(count: int) -> str:
    return f"{count} XP {'entry' if count == 1 else 'entries'}"


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
    sentences = _sentences("mends.toml")
    return sentences.get(reason, sentences["other"])


def instead(event_type: str) -> str:
    """What a partner sends in place of a type that produces no figure."""
    sentences = _sentences("instead.toml")
    rest = "other" if event_type.endswith("Event") else "entity"
    return sentences.get(event_type, sentences[rest])


def difference_mend(difference: str, reason: str | None, event_type: str | None) -> str:
    """What a partner does about an event on which its own list and the warehouse differ.

    `reason` is the verdict where that says it all.
    """
    match difference:
        case "missing":
            return "Send it again: a repeated event counts once."
        case "unknown":
            return "It arrived with your key: add it to your list, or find out who sent it."
        case "waiting":
            return "Nothing to do: the next build judges it."
        case _ if reason == "unprocessed" and event_type is not None:
            return instead(event_type)
        case _:
            return mend(reason or "other")


@cache
def _sentences(file: str) -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / file).read_text())

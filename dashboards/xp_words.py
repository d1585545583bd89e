"""What XP means, in plain words and with a child's own figures: sentences from the answer."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from dashboards import frames, layout, tables
from dashboards.client import Answer

ENTRY_COLUMNS = {
    "earned": tables.text("At"),
    "xp": tables.number("XP", 1),
    "subject": tables.text("Subject"),
    "lesson_title": tables.text("Lesson"),
    "app_name": tables.text("App"),
}


def name_of(answer: Answer) -> str:
    """What the child is called in sentences."""
    return str(answer["name"]).split(" ")[0]


def finding(answer: Answer) -> str:
    """The page's sentence: the newest day with XP."""
    day = answer["example"]
    if day is None:
        return (
            "1 XP is about one minute of focused work."
            f" {name_of(answer)} has not earned any in the last four weeks."
        )
    minutes = day["activeSeconds"] / 60
    return (
        f"1 XP is about one minute of focused work: on {_day(day['localOn'])},"
        f" {name_of(answer)} earned {layout.xp(day['earnedXp'])} XP"
        f" in {minutes:.0f} active minutes."
    )


def goal(answer: Answer) -> str:
    """What the goal of that day was, and what it is where nobody set one."""
    usual = layout.xp(answer["numbers"]["defaultGoalXp"])
    day = answer["example"]
    text = f"Each school day has a goal; where the school sets none of its own it is {usual} XP."
    if day and day["goalXp"]:
        reached = "reached" if day["earnedXp"] >= day["goalXp"] else "partly reached"
        text += (
            f" On {_day(day['localOn'])} it was {layout.xp(day['goalXp'])} XP,"
            f" and {name_of(answer)} {reached} it."
        )
    return text


def time(answer: Answer) -> list[str]:
    """How time is counted."""
    gap = answer["numbers"]["activeGapSeconds"] / 60
    said = [
        "The apps tell when something happens: a page opened, a question answered."
        f" A pause of up to {gap:.0f} minutes between two of these counts as thinking;"
        " the rest of a longer pause is quiet time and does not count.",
        "Two apps open at once do not make two minutes of one: every minute counts once.",
    ]
    if day := answer["example"]:
        said.append(
            f"On {_day(day['localOn'])} that made {day['activeSeconds'] / 60:.0f} active and"
            f" {answer['idleSeconds'] / 60:.0f} quiet minutes."
        )
    return said


def mastery(answer: Answer) -> list[str]:
    """What mastered means."""
    numbers = answer["numbers"]
    said = [
        f"A lesson is mastered once {numbers['masteredRatio']:.0%} of the answers are right, on at"
        f" least {numbers['masteredItemCount']} questions: in one attempt, or in the last"
        f" {numbers['masteryLastItems']} answers over {numbers['masteredSessionCount']} sittings."
        f" From {numbers['proficientRatio']:.0%} on it is proficient.",
        "Mastery comes from answers alone, never from XP. If a later attempt stays below"
        f" {numbers['reviewRatio']:.0%}, the lesson comes back to be revisited.",
    ]
    if lesson := answer["mastered"]:
        said.append(
            f"{name_of(answer)} last mastered “{lesson['lessonTitle']}”, on"
            f" {_day(lesson['firstMasteredOn'])}: {lesson['correctCount']} of"
            f" {layout.counted(lesson['itemCount'], 'answer')} right up to now."
        )
    return said


def change(answer: Answer) -> list[str]:
    """Why a past day can change."""
    after = answer["numbers"]["restatedAfterMinutes"]
    said = [
        "Apps sometimes send what happened only later, for instance when a tablet was offline, or"
        " correct an award. Then the day it belongs to is counted anew, so that it is right."
        f" What arrives up to {after} minutes after midnight still belongs to a day that is not"
        " over; what comes later is marked as a change.",
    ]
    if answer["restatedOn"]:
        zone = ZoneInfo(answer["timezone"] or "UTC")
        at = datetime.fromisoformat(answer["restatedAt"]).astimezone(zone)
        said.append(
            f"The newest day of {name_of(answer)}'s that changed is {_day(answer['restatedOn'])};"
            f" it changed on {at:%-d %B at %H:%M}."
        )
    if answer["waitingXp"]:
        said.append(
            f"{layout.xp(answer['waitingXp'])} XP of the last four weeks are kept and wait for the"
            " school to enroll the course; they then count on the day on which they were earned."
        )
    return said


def entries(answer: Answer) -> pl.DataFrame:
    """The awards of the example day, as the table and its CSV show them."""
    ledger = frames.read(answer["entries"], frames.LEDGER)
    zone = answer["timezone"] or "UTC"
    return (
        ledger.filter(pl.col("status") == "credited")
        .with_columns(frames.local("earned_at", zone).alias("earned"))
        .select(list(ENTRY_COLUMNS))
    )


def by_subject(answer: Answer) -> pl.DataFrame:
    """The example day's XP by subject, most first."""
    rows: list[dict[str, Any]] = (
        entries(answer)
        .group_by("subject")
        .agg(pl.col("xp").sum(), pl.len().alias("awards"))
        .sort("xp", "subject", descending=[True, False])
        .to_dicts()
    )
    return pl.DataFrame(rows, schema={"subject": pl.String, "xp": pl.Float64, "awards": pl.Int64})


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%A %-d %B}"

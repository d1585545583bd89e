"""One student's day: the finding, time by app, XP against pace, and the days before."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from dashboards import export, family, frames, layout, tables
from dashboards.charts import learning as charts
from dashboards.client import Answer
from dashboards.session import SignedIn
from dashboards.theme import END_REASONS, Look, look
from dashboards.timeline import earned_steps, pace_line, placed_segments

SESSION_COLUMNS = {
    "app_name": tables.text("App"),
    "started": tables.text("From"),
    "ended": tables.text("To"),
    "active_minutes": tables.number("Active min"),
    "idle_minutes": tables.number("Idle min"),
    "ended_by": tables.text("How it ended"),
    "event_count": tables.number("Events"),
}


def finding(standing: dict[str, Any], looks: dict[str, Look]) -> str:
    """The day in a sentence."""
    minutes = standing["activeSeconds"] / 60
    name, earned = standing["name"], layout.xp(standing["earnedXp"])
    if standing["status"] == "no_school":
        return f"{name} has {earned} XP on a day without school, with {minutes:.0f} active minutes."
    goal = f" of {layout.xp(standing['goalXp'])}" if standing["goalXp"] else ""
    word = look(looks, standing["status"]).word.lower()
    return f"{name} has {earned}{goal} XP: {word}, with {minutes:.0f} active minutes."


def subject_finding(report: Answer, looks: dict[str, Look]) -> str:
    """The chosen subject's part of the day in a sentence."""
    day = of_day(report)
    if day is None:
        return f"{report['subject']} has no goal on this day."
    goal = f" of {layout.xp(day['goalXp'])}" if day["goalXp"] else ""
    word = look(looks, day["status"]).word.lower()
    minutes = day["activeSeconds"] / 60
    return (
        f"In {report['subject']}: {layout.xp(day['earnedXp'])}{goal} XP, {word},"
        f" with {minutes:.0f} active minutes."
    )


def of_day(report: Answer) -> dict[str, Any] | None:
    """The row of the day that is shown, in the subject that is chosen."""
    on = report["standing"]["localOn"]
    return next((day for day in report["days"] if day["localOn"] == on), None)


def overview(person: SignedIn, report: Answer, zone: str) -> None:
    """The finding, the figures and the reasons to look closer."""
    standing, looks = report["standing"], family.statuses_for(person)
    layout.sentence(layout.plain(finding(standing, looks)))
    if report["subject"]:
        st.markdown(layout.plain(subject_finding(report, looks)))
    accuracy = standing["accuracyRatio"]
    layout.figures(
        {
            "Active min": f"{standing['activeSeconds'] / 60:.0f}",
            "Idle min": f"{standing['idleSeconds'] / 60:.0f}",
            "Questions": f"{standing['totalQuestions']}",
            "Correct": "–" if accuracy is None else f"{accuracy:.0%}",
            "Streak, days": f"{standing['streakDays']}",
            "Last seen": frames.clock(standing["lastSeenAt"], zone),
        }
    )
    for flag in standing["flags"]:
        if family.is_family(person):
            st.info(layout.plain(flag["text"]), icon=":material/lightbulb:")
        else:
            st.warning(layout.plain(flag["text"]), icon=":material/flag:")


def the_day(report: Answer, zone: str) -> None:
    """When the student was in which app, and how the XP grew."""
    segments = placed_segments(frames.read(report["segments"], frames.SEGMENTS), zone)
    sessions = frames.read(report["sessions"], frames.SESSIONS)
    st.subheader("The day by app")
    if segments.is_empty():
        layout.nothing("No activity on this day.")
    else:
        st.altair_chart(charts.day_by_app(segments), alt="Time in each app over the day")
        st.caption(f"Times are {layout.city(zone)}.")
    if not sessions.is_empty():
        name = export.file_name("sessions", *named_by(report))
        export.table(sessions_table(sessions, zone), name=name, columns=SESSION_COLUMNS)
    st.subheader("XP against pace")
    ledger = frames.read(report["ledger"], frames.LEDGER)
    if ledger.is_empty():
        layout.nothing("No XP on this day.")
        return
    steps = earned_steps(ledger, zone, until=until(report, zone))
    day = of_day(report)
    goal = day["goalXp"] if day else None
    pace = pace_line(report["pace"], goal)
    st.altair_chart(charts.xp_against_pace(steps, pace), alt="XP over the day and the pace")


def sessions_table(sessions: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The sessions as the page and its CSV show them."""
    return sessions.with_columns(
        frames.local("started_at", zone).alias("started"),
        frames.local("ended_at", zone).alias("ended"),
        tables.minutes("active_seconds"),
        tables.minutes("idle_seconds"),
        pl.col("end_reason").replace(END_REASONS).alias("ended_by"),
    ).select(list(SESSION_COLUMNS))


def named_by(report: Answer) -> tuple[str | None, ...]:
    """What the day's files are called by."""
    standing = report["standing"]
    return standing["studentId"], report["subject"], standing["localOn"]


def until(report: Answer, zone: str) -> float:
    """The minute up to which the day is known: now, or the end of a past day's pace."""
    as_of = datetime.fromisoformat(report["as_of"]).astimezone(ZoneInfo(zone))
    if report["standing"]["localOn"] == as_of.date().isoformat():
        return as_of.hour * 60 + as_of.minute
    return float(report["pace"]["endsHour"] * 60)


def the_weeks(person: SignedIn, report: Answer, zone: str) -> None:
    """The days before."""
    days = frames.read(report["days"], frames.DAYS)
    st.subheader("The last two weeks")
    if days.is_empty():
        layout.nothing("No days yet.")
        return
    looks = family.statuses_for(person)
    st.altair_chart(charts.xp_by_day(days, looks), alt="XP of each day, with its goal")
    name = export.file_name("days", *named_by(report))
    export.folded(tables.days(days, looks, zone), name=name, columns=tables.DAY_COLUMNS)

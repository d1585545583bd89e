"""Student: one student's day by app, XP against pace, lessons, and the ledger to the event."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, lessons, tables
from dashboards.charts import learning as charts
from dashboards.client import Answer
from dashboards.session import SignedIn
from dashboards.theme import END_REASONS, STATUSES, look
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
LEDGER_COLUMNS = {
    "earned": tables.text("At"),
    "xp": tables.number("XP", 1),
    "kind": tables.text("Kind"),
    "status": tables.text("Status"),
    "subject": tables.text("Subject"),
    "lesson_title": tables.text("Lesson"),
    "app_name": tables.text("App"),
    "review_reason": tables.text("To review"),
    "source_event_id": tables.text("Source event"),
}


def students_of(person: SignedIn, me: Answer) -> dict[str, str]:
    """Whom the viewer can look at: their students, children or themself, id to name."""
    found = {child["id"]: child["title"] for child in me["children"]}
    if person.roles & {"guide", "admin", "platform_admin"}:
        students = person.api.report("guide/today")["students"]
        students.sort(key=lambda one: one["name"])
        found |= {one["studentId"]: one["name"] for one in students}
    if "student" in person.roles and me["userId"]:
        found[me["userId"]] = me["name"]
    return found


def finding(standing: dict[str, Any]) -> str:
    """The page's finding in a sentence."""
    minutes = standing["activeSeconds"] / 60
    goal = f" of {layout.xp(standing['goalXp'])}" if standing["goalXp"] else ""
    word = look(STATUSES, standing["status"]).word.lower()
    return (
        f"{standing['name']} has {layout.xp(standing['earnedXp'])}{goal} XP: {word},"
        f" with {minutes:.0f} active minutes."
    )


def overview(report: Answer, zone: str) -> None:
    """The finding, the figures and the reasons to look closer."""
    standing = report["standing"]
    layout.sentence(layout.plain(finding(standing)))
    accuracy = standing["accuracyRatio"]
    seen = frames.clock(standing["lastSeenAt"], zone)
    layout.figures(
        {
            "Active min": f"{standing['activeSeconds'] / 60:.0f}",
            "Idle min": f"{standing['idleSeconds'] / 60:.0f}",
            "Questions": f"{standing['totalQuestions']}",
            "Correct": "–" if accuracy is None else f"{accuracy:.0%}",
            "Streak, days": f"{standing['streakDays']}",
            "Last seen": seen,
        }
    )
    for flag in standing["flags"]:
        st.warning(layout.plain(flag["text"]), icon=":material/flag:")


def the_day(report: Answer, zone: str) -> None:
    """When the student was in which app, and how the XP grew."""
    standing = report["standing"]
    segments = placed_segments(frames.read(report["segments"], frames.SEGMENTS), zone)
    sessions = frames.read(report["sessions"], frames.SESSIONS)
    ledger = frames.read(report["ledger"], frames.LEDGER)
    st.subheader("The day by app")
    if segments.is_empty():
        layout.nothing("No activity on this day.")
    else:
        st.altair_chart(charts.day_by_app(segments), alt="Time in each app over the day")
        st.caption(f"Times are {layout.city(zone)}.")
    if not sessions.is_empty():
        rows = sessions.with_columns(
            frames.local("started_at", zone).alias("started"),
            frames.local("ended_at", zone).alias("ended"),
            tables.minutes("active_seconds"),
            tables.minutes("idle_seconds"),
            pl.col("end_reason").replace(END_REASONS).alias("ended_by"),
        ).select(list(SESSION_COLUMNS))
        export.table(rows, name="sessions", columns=SESSION_COLUMNS)
    st.subheader("XP against pace")
    if ledger.is_empty():
        layout.nothing("No XP on this day.")
    else:
        steps = earned_steps(ledger, zone, until=until(report, zone))
        pace = pace_line(report["pace"], standing["goalXp"])
        st.altair_chart(charts.xp_against_pace(steps, pace), alt="XP over the day and the pace")


def until(report: Answer, zone: str) -> float:
    """The minute up to which the day is known: now, or the end of a past day's pace."""
    as_of = datetime.fromisoformat(report["as_of"]).astimezone(ZoneInfo(zone))
    if report["standing"]["localOn"] == as_of.date().isoformat():
        return as_of.hour * 60 + as_of.minute
    return float(report["pace"]["endsHour"] * 60)


def the_weeks(report: Answer) -> None:
    """The days before."""
    days = frames.read(report["days"], frames.DAYS)
    st.subheader("The last two weeks")
    if days.is_empty():
        layout.nothing("No days yet.")
        return
    st.altair_chart(charts.xp_by_day(days), alt="XP of each day, with its goal")
    export.folded(tables.days(days), name="days", columns=tables.DAY_COLUMNS)


def the_ledger(person: SignedIn, report: Answer, zone: str) -> None:
    """Each XP entry; choosing one shows what became of its event."""
    st.subheader("XP ledger")
    ledger = frames.read(report["ledger"], frames.LEDGER)
    if ledger.is_empty():
        layout.nothing("No entries on this day.")
        return
    rows = ledger.with_columns(frames.local("earned_at", zone).alias("earned")).select(
        list(LEDGER_COLUMNS)
    )
    st.caption("Choose a row to see the event behind it.")
    chosen = st.dataframe(
        rows, hide_index=True, column_config=LEDGER_COLUMNS, on_select="rerun",
        selection_mode="single-row", key="ledger", placeholder="–",
    )  # fmt: skip
    export.csv_button(rows, name="xp-ledger")
    for number in chosen["selection"]["rows"]:
        with layout.guarded():
            st.json(person.api.verdict(rows["source_event_id"][number]))


def show() -> None:
    person, me = layout.opened("Student")
    with layout.guarded():
        students = students_of(person, me)
    if not students:
        layout.nothing("No student is yours to see yet.")
        return
    with st.container(horizontal=True):
        student_id = filters.choose("Student", "student", students)
        day = filters.day("day", layout.today(me))
    with layout.guarded():
        report = person.api.report(f"students/{student_id}", on=day)
    standing = report["standing"]
    zone = standing["timezone"] or "UTC"
    layout.freshness(person, report["build_id"], zone)
    st.caption(
        " · ".join(
            [
                standing["schoolName"] or "No school",
                f"Grade {(standing['grade'] or '–').lstrip('0')}",
            ]
            + report["classes"]
        )
    )
    overview(report, zone)
    the_day(report, zone)
    the_weeks(report)
    lessons.show(report)
    the_ledger(person, report, zone)


show()

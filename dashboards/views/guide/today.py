"""Guide, Today: who needs me first, and why."""

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import learning as charts
from dashboards.theme import STATUSES, labels, look

CARDS_SHOWN = 6
SAID_OF = {
    "met": ("has met the goal", "have met the goal"),
    "on_pace": ("is on pace", "are on pace"),
    "behind": ("is behind", "are behind"),
    "not_started": ("has not started", "have not started"),
    "no_school": ("has no school", "have no school"),
    "no_goal": ("has no goal", "have no goal"),
}
COLUMNS = {
    "name": tables.text("Student", pinned=True),
    "status": tables.text("Status"),
    "earned_xp": tables.number("XP", 1),
    "goal_xp": tables.number("Goal"),
    "goal_percent": tables.bar("Of goal", 100),
    "active_minutes": tables.number("Active min"),
    "idle_minutes": tables.number("Idle min"),
    "total_questions": tables.number("Questions"),
    "accuracy_percent": tables.percentage("Correct"),
    "last_seen": tables.text("Last seen"),
    "last_app": tables.text("In"),
    "reasons": tables.text("Why", width="large"),
}


def finding(students: list[dict[str, Any]]) -> str:
    """The page's finding: how many need someone, and where the others stand."""
    flagged = sum(1 for student in students if student["flags"])
    counts = Counter(student["status"] for student in students)
    standing = ", ".join(
        f"{counts[status]} {one if counts[status] == 1 else many}"
        for status, (one, many) in SAID_OF.items()
        if counts[status]
    )
    if set(counts) == {"no_school"}:
        standing = "There is no school on this day"
    verb = "needs" if flagged == 1 else "need"
    return f"{flagged} of {layout.counted(len(students), 'student')} {verb} you. {standing}."


def cards(students: list[dict[str, Any]], when: str) -> None:
    """The first who need the guide, each with the reasons and a way to their page."""
    flagged = [student for student in students if student["flags"]]
    if not flagged:
        st.success("Nobody is off track.", icon=":material/check_circle:")
        return
    st.subheader("Who needs you first")
    with st.container(horizontal=True):
        for student in flagged[:CARDS_SHOWN]:
            with st.container(border=True, width=284):
                st.page_link(
                    "views/guide/student.py",
                    label=f"**{layout.plain(student['name'])}**",
                    icon=":material/person:",
                    query_params={"student": student["studentId"]},
                )
                seen = look(STATUSES, student["status"])
                st.badge(seen.word, icon=seen.icon, color=seen.badge)
                goal = f" of {layout.xp(student['goalXp'])}" if student["goalXp"] else ""
                st.markdown(f"{layout.xp(student['earnedXp'])}{goal} XP {when}")
                for flag in student["flags"]:
                    st.markdown(f":material/flag: {layout.plain(flag['text'])}")
    rest = len(flagged) - CARDS_SHOWN
    if rest > 0:
        st.caption(f"{layout.counted(rest, 'more student')} with a reason in the table below.")


def as_table(students: list[dict[str, Any]], frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The rows of the table and of its CSV."""
    reasons = [" ".join(flag["text"] for flag in student["flags"]) for student in students]
    return frame.with_columns(
        labels("status", STATUSES),
        tables.share("earned_xp", "goal_xp", "goal_percent"),
        tables.minutes("active_seconds"),
        tables.minutes("idle_seconds"),
        tables.percent("accuracy_ratio", "accuracy_percent"),
        pl.col("last_seen_at")
        .dt.convert_time_zone(zone)
        .dt.strftime("%a %H:%M")
        .alias("last_seen"),
        pl.Series("reasons", reasons, dtype=pl.String),
    ).select(list(COLUMNS))


def show() -> None:
    person, me = layout.opened("Today")
    with st.container(horizontal=True):
        classes = {"": "All classes"} | {one["id"]: one["title"] for one in me["classes"]}
        class_id = filters.choose("Class", "class", classes) or None
        day = filters.day("day", layout.today(me))
    with layout.guarded():
        answer = person.api.report("guide/today", classId=class_id, on=day)
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    students = answer["students"]
    if not students:
        layout.nothing("No student is enrolled in your classes yet.")
        return
    frame = frames.read(students, frames.STANDINGS)
    layout.sentence(finding(students))
    cards(students, filters.when(day))
    st.subheader("XP against goal")
    st.altair_chart(
        charts.xp_against_goal(frame), alt="A bar of XP for each student, with a tick at the goal"
    )
    st.caption(f"The tick is the goal. Times are {layout.city(zone)}.")
    export.table(as_table(students, frame, zone), name="students-today", columns=COLUMNS)


show()

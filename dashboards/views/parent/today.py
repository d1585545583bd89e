"""Parent, Today: each child's day in words, by subject and lesson, and the week before."""

import math
from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, family, filters, frames, layout, tables
from dashboards.charts import learning as charts
from dashboards.family import FAMILY_MASTERY, FAMILY_STATUSES
from dashboards.theme import labels, look

SUBJECT_COLUMNS = {
    "subject": tables.text("Subject"),
    "xp": tables.number("XP", 1),
    "active_minutes": tables.number("Active min"),
    "total_questions": tables.number("Questions"),
    "correct_questions": tables.number("Correct"),
    "mastered_lessons": tables.number("Lessons mastered"),
}
COLUMNS = {
    "subject": tables.text("Subject"),
    "lesson_title": tables.text("Lesson"),
    "app_name": tables.text("App"),
    "active_minutes": tables.number("Active min"),
    "xp": tables.number("XP", 1),
    "total_questions": tables.number("Questions"),
    "correct_questions": tables.number("Correct"),
    "mastery_state": tables.text("Lesson is now"),
}


def finding(child: dict[str, Any], when: str) -> str:
    """The child's day in a sentence."""
    standing = child["standing"]
    first_name = standing["name"].split(" ")[0]
    minutes = standing["activeSeconds"] / 60
    if not child["lessons"] and not standing["activeSeconds"]:
        is_off = standing["status"] == "no_school"
        return f"{'No school for' if is_off else 'No activity of'} {first_name} {when}."
    goal = f" of {layout.xp(standing['goalXp'])}" if standing["goalXp"] else ""
    lessons = layout.counted(len(child["lessons"]), "lesson")
    return (
        f"{first_name} earned {layout.xp(standing['earnedXp'])}{goal} XP {when}"
        f" in {minutes:.0f} minutes of active learning, on {lessons}."
    )


def progress(standing: dict[str, Any]) -> None:
    """How far the day's goal is."""
    seen = look(FAMILY_STATUSES, standing["status"])
    st.badge(seen.word, icon=seen.icon, color=seen.badge)
    if standing["goalXp"]:
        share = max(0.0, standing["earnedXp"] / standing["goalXp"])
        st.progress(min(1.0, share), text=f"{math.floor(100 * share)}% of the day's goal")


def show_child(child: dict[str, Any], zone: str, when: str) -> None:
    """One child's section."""
    standing = child["standing"]
    named = (standing["studentId"], standing["localOn"])
    st.header(layout.plain(standing["name"]), divider="gray")
    layout.sentence(layout.plain(finding(child, when)))
    progress(standing)
    seen = frames.clock(standing["lastSeenAt"], zone)
    app = f" in {standing['lastApp']}" if standing["lastApp"] else ""
    st.caption(f"Last seen {seen}{app}. Times are {layout.city(zone)}.")
    for flag in standing["flags"]:
        st.info(layout.plain(flag["text"]), icon=":material/lightbulb:")
    left, right = st.columns(2)
    with left:
        st.subheader("XP by subject")
        subjects = frames.read(child["subjects"], frames.SUBJECTS)
        if subjects.is_empty():
            layout.nothing("Nothing in any subject on this day.")
        else:
            rows = subjects.with_columns((pl.col("active_seconds") / 60).alias("minutes"))
            st.altair_chart(charts.xp_by_subject(rows), alt="A bar of XP for each subject")
            export.folded(
                subjects.with_columns(tables.minutes("active_seconds")).select(
                    list(SUBJECT_COLUMNS)
                ),
                name=export.file_name("subjects", *named),
                columns=SUBJECT_COLUMNS,
            )
    with right:
        st.subheader("The week")
        days = frames.read(child["days"], frames.DAYS)
        if days.is_empty():
            layout.nothing("No days yet.")
        else:
            st.altair_chart(
                charts.xp_by_day(days, FAMILY_STATUSES), alt="XP of each day, with its goal"
            )
            export.folded(
                tables.days(days, FAMILY_STATUSES, zone),
                name=export.file_name("days", *named),
                columns=tables.DAY_COLUMNS,
            )
    lessons = frames.read(child["lessons"], frames.LESSON_DAYS)
    if not lessons.is_empty():
        st.subheader("Worked on")
        table = lessons.with_columns(
            tables.minutes("active_seconds"), labels("mastery_state", FAMILY_MASTERY)
        ).select(list(COLUMNS))
        export.table(table, name=export.file_name("lessons", *named), columns=COLUMNS)
    with st.container(horizontal=True):
        st.page_link(
            "views/guide/student.py",
            label=f"More about {layout.plain(standing['name'])}",
            icon=":material/arrow_forward:",
            query_params={"student": standing["studentId"]},
        )
        st.page_link("views/parent/week.py", label="The week", icon=":material/date_range:")
        st.page_link(
            "views/parent/what_xp_means.py",
            label="What XP means",
            icon=":material/help:",
            query_params={"student": standing["studentId"]},
        )


def show() -> None:
    children, day = family.children("Today", "parent/today")
    for child in children:
        show_child(child, child["standing"]["timezone"], filters.when(day))


show()

"""A student's lessons: placement in words, the ladder, and the evidence."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, frames, layout, tables
from dashboards.charts import learning as charts
from dashboards.client import Answer
from dashboards.theme import MASTERY

COLUMNS = {
    "course_title": tables.text("Course"),
    "lesson_position": tables.number("No."),
    "lesson_title": tables.text("Lesson"),
    "mastery_state": tables.text("Mastery"),
    "best_percent": tables.percentage("Best"),
    "correct_count": tables.number("Correct"),
    "item_count": tables.number("Answered"),
    "attempt_count": tables.number("Attempts"),
    "struggling": tables.text("Note"),
    "first_mastered_on": st.column_config.DateColumn("First mastered"),
}


def show(report: Answer) -> None:
    """Placement in words, the ladder, and the evidence."""
    lessons = frames.read(report["lessons"], frames.LESSONS)
    st.subheader("Lessons")
    if lessons.is_empty():
        layout.nothing("Not enrolled in a course with lessons.")
        return
    for place in report["placement"]:
        st.markdown(f"- {placement_text(place)}")
    st.altair_chart(charts.lesson_ladder(lessons), alt="Mastery of each lesson in order")
    struggling = pl.when("is_struggling").then(pl.lit("⚑ struggling")).alias("struggling")
    rows = lessons.with_columns(
        tables.state("mastery_state", MASTERY),
        tables.percent("best_score_ratio", "best_percent"),
        struggling,
    ).select(list(COLUMNS))
    with st.expander("All lessons with their evidence", icon=":material/table_rows:"):
        export.table(rows, name="lessons", columns=COLUMNS)


def placement_text(place: dict[str, Any]) -> str:
    """Where the student stands in a course, and what comes next."""
    text = f"{place['masteredCount']} of {place['lessonCount']} lessons mastered"
    upcoming = place["nextLesson"]
    text += f"; next is {upcoming}" if upcoming else "; every lesson is proficient"
    if place["gapLessons"]:
        text += f"; gaps in {', '.join(place['gapLessons'])}"
    if place["aheadLessons"]:
        text += f"; ahead in {', '.join(place['aheadLessons'])}"
    return f"**{layout.plain(place['courseTitle'])}**: {layout.plain(text)}."

"""A student's lessons: placement in words, the ladder, what was missed, and the evidence."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, family, frames, layout, tables
from dashboards.charts import learning as charts
from dashboards.client import Answer
from dashboards.session import SignedIn
from dashboards.theme import labels

COLUMNS = {
    "course_title": tables.text("Course"),
    "lesson_position": tables.number("No."),
    "lesson_title": tables.text("Lesson"),
    "mastery_state": tables.text("Mastery"),
    "best_percent": tables.percentage("Best"),
    "correct_count": tables.number("Correct"),
    "item_count": tables.number("Answered"),
    "attempt_count": tables.number("Attempts"),
    "first_mastered_on": st.column_config.DateColumn("First mastered"),
}
MISSED_COLUMNS = {
    "question": tables.text("Question"),
    "lesson_title": tables.text("Lesson"),
    "subject": tables.text("Subject"),
    "wrong_count": tables.number("Wrong"),
    "answer_count": tables.number("Answered"),
    "last_answer": tables.text("Last answer"),
    "last_answered": tables.text("When"),
    "last_event_id": tables.text("Event"),
}


def show(person: SignedIn, report: Answer, zone: str) -> None:
    """Placement in words, the ladder, the evidence, and the questions missed."""
    st.subheader("Lessons")
    lessons = frames.read(report["lessons"], frames.LESSONS)
    if lessons.is_empty():
        layout.nothing("Not enrolled in a course with lessons.")
        return
    for place in report["placement"]:
        st.markdown(f"- {placement_text(place)}")
    looks = family.mastery_for(person)
    st.altair_chart(charts.lesson_ladder(lessons, looks), alt="Mastery of each lesson in order")
    student = report["standing"]["studentId"]
    with st.expander("All lessons with their evidence", icon=":material/table_rows:"):
        rows = as_table(lessons, show_struggling=not family.is_family(person)).with_columns(
            labels("mastery_state", looks)
        )
        columns = COLUMNS | {"struggling": tables.text("Note")}
        export.table(
            rows, name=export.file_name("lessons", student, report["subject"]), columns=columns
        )
    the_missed(report, zone)


def as_table(lessons: pl.DataFrame, *, show_struggling: bool) -> pl.DataFrame:
    """Every lesson with what its state rests on."""
    rows = lessons.with_columns(
        tables.percent("best_score_ratio", "best_percent"),
        pl.when("is_struggling").then(pl.lit("⚑ struggling")).alias("struggling"),
    )
    return rows.select([*COLUMNS, *(["struggling"] if show_struggling else [])])


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


def the_missed(report: Answer, zone: str) -> None:
    """Questions answered wrong lately, those still wrong first."""
    st.subheader("Questions to look at again")
    missed = frames.read(report["missed"], frames.MISSED)
    if missed.is_empty():
        layout.nothing("No question was answered wrong in the last two weeks.")
        return
    st.markdown(missed_text(missed))
    standing = report["standing"]
    name = export.file_name("missed", standing["studentId"], report["subject"], standing["localOn"])
    export.table(missed_table(missed, zone), name=name, columns=MISSED_COLUMNS)


def missed_text(missed: pl.DataFrame) -> str:
    """How many are still wrong, and in which lessons most."""
    still = missed.filter(pl.col("is_last_correct").not_())
    since = len(missed) - len(still)
    text = f"{layout.counted(len(still), 'question')} with a wrong last answer"
    if len(still):
        by_lesson = (
            still.group_by("lesson_title")
            .len()
            .sort("len", "lesson_title", descending=[True, False])
        )
        named = [
            f"{layout.plain(title)} ({count})" for title, count in by_lesson.head(3).iter_rows()
        ]
        text += f", most in {', '.join(named)}"
    return f"{text}; {since} answered right since."


def missed_table(missed: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The questions as the page and its CSV show them."""
    last = pl.when("is_last_correct").then(pl.lit("✓ right")).otherwise(pl.lit("✕ wrong"))
    return missed.with_columns(
        tables.question("item_title", "item_ref"),
        last.alias("last_answer"),
        tables.stamped("last_answered_at", zone, "last_answered"),
    ).select(list(MISSED_COLUMNS))

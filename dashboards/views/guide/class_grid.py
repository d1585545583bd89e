"""Guide, Class grid: each student in each subject against the week's goals, and day by day."""

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from core.grades import grade_words
from dashboards import export, filters, frames, layout, tables
from dashboards.charts import classes as charts
from dashboards.client import Answer
from dashboards.theme import STATUSES, labels

STUDENTS_DRAWN = 60  # more rows than this are for the table
MEASURES = {"minutes": "Active minutes", "xp": "XP"}
MEASURED = {"minutes": "active_minutes", "xp": "earned_xp"}
TOTAL = "All"
LAGGING = frozenset({"behind", "not_started"})
DAY_COLUMNS = {
    "name": tables.text("Student", pinned=True),
    "local_on": st.column_config.DateColumn("Day"),
    "status": tables.text("Goal"),
    "earned_xp": tables.number("XP", 1),
    "active_minutes": tables.number("Active min"),
}


def finding(answer: Answer) -> str:
    """The page's finding: who reached the goals so far, and which subject lags most."""
    totals = [one["total"]["status"] for one in answer["students"] if one["total"]]
    asked = [status for status in totals if status not in ("no_goal", "no_school")]
    if not asked:
        return "No goals yet: this week has no school day so far."
    lagging = Counter(
        cell["subject"]
        for one in answer["students"]
        for cell in one["cells"]
        if cell["status"] in LAGGING
    )
    met = asked.count("met")
    text = f"{met} of {layout.counted(len(asked), 'student')} have reached the week's goals so far."
    if lagging:
        subject, count = max(lagging.items(), key=lambda one: (one[1], one[0]))
        text += f" {subject} lags most: {layout.counted(count, 'student')} behind its goal."
    return text


def narrowed(answer: Answer, grade: str | None, subject: str | None) -> Answer:
    """The answer about one grade and one subject alone; None leaves all."""
    students = [
        {**one, "cells": [c for c in one["cells"] if subject in (None, c["subject"])]}
        for one in answer["students"]
        if grade in (None, one["grade"])
    ]
    return {**answer, "students": students}


def cells_of(answer: Answer) -> pl.DataFrame:
    """A row for each student and column of the grid, the totals last; students by name."""
    rows = [
        {"studentId": one["studentId"], "name": one["name"], **cell}
        for one in answer["students"]
        for cell in [*one["cells"], *([one["total"]] if one["total"] else [])]
    ]
    order = [*answer["subjects"], TOTAL]
    frame = frames.read(rows, frames.GRID_CELLS)
    place = pl.col("subject").replace_strict(
        {subject: number for number, subject in enumerate(order)},
        default=len(order),
        return_dtype=pl.Int64,
    )
    return frame.sort("name", "student_id", place)


def days_of(answer: Answer) -> pl.DataFrame:
    """A row for each student and day; students by name."""
    rows = [
        {"studentId": one["studentId"], "name": one["name"], **day}
        for one in answer["students"]
        for day in one["days"]
    ]
    frame = frames.read(rows, frames.GRID_DAYS)
    return frame.with_columns(tables.minutes("active_seconds")).sort(
        "name", "student_id", "local_on"
    )


def as_table(cells: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any]]:
    """A row a student: for each subject and in all the state, XP and goal, with their headings."""
    columns = {"student_id": None, "name": tables.text("Student", pinned=True)}
    table = cells.select("student_id", "name").unique(maintain_order=True)
    for subject in cells["subject"].unique(maintain_order=True):
        head = "Total" if subject == TOTAL else subject
        part = cells.filter(pl.col("subject") == subject).select(
            "student_id",
            labels("status", STATUSES).alias(f"{subject} status"),
            pl.col("earned_xp").alias(f"{subject} xp"),
            pl.col("goal_xp").alias(f"{subject} goal"),
        )
        table = table.join(part, on="student_id", how="left", maintain_order="left")
        columns |= {
            f"{subject} status": tables.text(head),
            f"{subject} xp": tables.number(f"{head} XP", 1),
            f"{subject} goal": tables.number(f"{head} goal"),
        }
    return table, columns


def drawn(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the first students, as many as a picture can hold."""
    first = frame["student_id"].unique(maintain_order=True).head(STUDENTS_DRAWN)
    return frame.filter(pl.col("student_id").is_in(first.to_list()))


def the_grid(cells: pl.DataFrame, name: str) -> None:
    """The picture, and the table whose rows lead to the student."""
    st.subheader("XP against the week's goals")
    st.altair_chart(
        charts.goal_grid(drawn(cells)),
        alt="XP of each student by subject, and its share of the goal",
    )
    count = cells["student_id"].n_unique()
    more = f" The first {STUDENTS_DRAWN} of {count} students." if count > STUDENTS_DRAWN else ""
    st.caption(
        "XP so far, and how much of the goals of the school days so far it is. All is every"
        f" subject together.{more} Choose a row to open the student."
    )
    table, columns = as_table(cells)
    chosen = st.dataframe(
        table,
        hide_index=True,
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        key="grid",
        placeholder="–",
    )
    export.csv_button(table, name=name)
    for number in chosen["selection"]["rows"]:
        student = table["student_id"][number]
        st.switch_page("views/guide/student.py", query_params={"student": student})


def the_days(days: pl.DataFrame, name: str) -> None:
    """The heat map of the week."""
    st.subheader("Day by day")
    measure = filters.choose("Show", "measure", MEASURES, width=180) or "minutes"
    title = MEASURES[measure]
    st.altair_chart(
        charts.week_heat(drawn(days), MEASURED[measure], title), alt=f"{title} by student and day"
    )
    st.caption("A dash is a day without school or goal on which nothing was done; 0 is a 0.")
    rows = days.with_columns(labels("status", STATUSES)).select(list(DAY_COLUMNS))
    export.folded(rows, name=name, columns=DAY_COLUMNS)


def show() -> None:
    person, me = layout.opened("Class grid")
    with st.container(horizontal=True):
        classes = {"": "All classes"} | {one["id"]: one["title"] for one in me["classes"]}
        class_id = filters.choose("Class", "class", classes) or None
        week = filters.week("week", layout.today(me))
    with layout.guarded():
        whole = person.api.report("guide/class-grid", classId=class_id, week=week)
    with st.container(horizontal=True):
        grades = {"": "All grades"} | {one: grade_words(one) for one in whole["grades"]}
        grade = filters.choose("Grade", "grade", grades, width=160) or None
        subjects = {"": "All subjects"} | {one: one for one in whole["subjects"]}
        subject = filters.choose("Subject", "subject", subjects, width=160) or None
    answer = narrowed(whole, grade, subject)
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    cells, days = cells_of(answer), days_of(answer)
    if cells.is_empty():
        layout.nothing("No student here has a goal or any activity in this week.")
        return
    layout.sentence(layout.plain(finding(answer)))
    starts_on = answer["week"]["startsOn"]
    st.caption(f"Week of {starts_on}, up to {answer['week']['throughOn']}; {layout.city(zone)}.")
    parts = (class_id, grade, subject, starts_on)
    the_grid(cells, export.file_name("class-grid", *parts))
    the_days(days, export.file_name("class-days", *parts))


show()

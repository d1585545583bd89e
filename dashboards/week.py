"""A child's week in words and tables, on screen, as CSV and as a page to print."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st
from jinja2 import Environment, FileSystemLoader, select_autoescape

from dashboards import export, frames, layout, tables

SUBJECT_DAY_COLUMNS = {
    "local_on": st.column_config.DateColumn("Day"),
    "subject": tables.text("Subject"),
    "xp": tables.number("XP", 1),
    "active_minutes": tables.number("Active min"),
    "total_questions": tables.number("Questions"),
    "correct_questions": tables.number("Right"),
    "mastered_lessons": tables.number("Lessons mastered"),
}
BESIDE_COLUMNS = {
    "measure": tables.text("", pinned=True),
    "this_week": tables.text("This week"),
    "week_before": tables.text("The week before"),
}
MASTERED_COLUMNS = {
    "first_mastered_on": st.column_config.DateColumn("Day"),
    "subject": tables.text("Subject"),
    "lesson_title": tables.text("Lesson"),
    "answers": tables.text("Answers right"),
}
MEASURES: dict[str, Callable[[dict[str, Any]], str]] = {
    "XP": lambda one: layout.xp(one["xp"]),
    "Active time": lambda one: span(one["activeSeconds"]),
    "Days with activity": lambda one: str(one["activeDays"]),
    "Goals reached": lambda one: f"{one['metDays']} of {one['goalDays']}",
    "Questions answered": lambda one: str(one["totalQuestions"]),
    "Answers right": lambda one: right(one),
    "Lessons mastered": lambda one: str(one["masteredLessons"]),
}
PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape())


def first_name(child: dict[str, Any]) -> str:
    """What the child is called in sentences."""
    return str(child["standing"]["name"]).split(" ")[0]


def span(seconds: float) -> str:
    """A time as people say it: `4 h 5 min`."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def clock(seconds: float) -> str:
    """A time in few characters: `4:05`."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}:{minutes:02}"


def right(one: dict[str, Any]) -> str:
    """The share of scored answers that were right; a dash without any."""
    scored = one["scoredQuestions"]
    return f"{one['correctQuestions'] / scored:.0%}" if scored else "–"


def when(child: dict[str, Any]) -> str:
    """The week in a sentence."""
    first = date.fromisoformat(child["week"]["firstOn"])
    return "this week so far" if child["isGoingOn"] else f"in the week of {first:%-d %B}"


def finding(child: dict[str, Any]) -> str:
    """The week's finding, from the child's own figures."""
    week, name = child["week"], first_name(child)
    if not week["activeDays"] and not week["xp"]:
        return f"Nothing has come from {name}'s learning apps {when(child)}."
    text = (
        f"{name} earned {layout.xp(week['xp'])} XP {when(child)}, in"
        f" {span(week['activeSeconds'])} of active learning"
        f" on {layout.counted(week['activeDays'], 'day')}"
    )
    mastered = week["masteredLessons"]
    return f"{text}, and mastered {layout.counted(mastered, 'lesson')}." if mastered else f"{text}."


def beside(child: dict[str, Any]) -> str:
    """As many school days of the week before: the child's own, and nobody else's."""
    days = child["comparedDays"]
    if days is None:
        return "There is nothing from the week before to set beside it."
    before, this = _done(child["weekBefore"]), _done(child["comparedWeek"])
    return f"Over {layout.compared(days)}: {before}, then {this}."


def _done(week: dict[str, Any]) -> str:
    text = f"{layout.xp(week['xp'])} XP in {span(week['activeSeconds'])}"
    mastered = week["masteredLessons"]
    return f"{text} with {layout.counted(mastered, 'lesson')} mastered" if mastered else text


def figures(child: dict[str, Any]) -> dict[str, str]:
    """The week's key figures."""
    week = child["week"]
    return {
        "XP": layout.xp(week["xp"]),
        "Active h:min": clock(week["activeSeconds"]),
        "Goals reached": f"{week['metDays']} of {week['goalDays']}" if week["goalDays"] else "–",
        "Streak": layout.counted(child["streakDays"], "day"),
    }


def beside_table(child: dict[str, Any]) -> pl.DataFrame:
    """As many school days of the week and of the one before, measure by measure."""
    week, before = child["comparedWeek"], child["weekBefore"]
    measures = MEASURES if child["comparedDays"] else {}
    rows = [(title, said(week), said(before)) for title, said in measures.items()]
    return pl.DataFrame(rows, schema=list(BESIDE_COLUMNS), orient="row")


def subject_days(child: dict[str, Any]) -> pl.DataFrame:
    """The week by day and subject, as the table and the CSV show it."""
    rows = frames.read(child["subjectDays"], frames.SUBJECT_DAYS)
    return rows.with_columns(tables.minutes("active_seconds")).select(list(SUBJECT_DAY_COLUMNS))


def mastered(child: dict[str, Any]) -> pl.DataFrame:
    """Lessons mastered in the week."""
    rows = frames.read(child["mastered"], frames.MASTERED)
    answers = pl.format("{} of {}", "correct_count", "item_count").alias("answers")
    return rows.with_columns(answers).select(list(MASTERED_COLUMNS))


def downloads(child: dict[str, Any]) -> None:
    """The week as CSV, and as a page to print or keep."""
    name = export.file_name("week", child["standing"]["studentId"], child["week"]["firstOn"])
    with st.container(horizontal=True):
        export.csv_button(subject_days(child), name=name)
        st.download_button(
            "Page to print",
            printable(child),
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/print:",
            key=f"print_{name}",
            on_click="ignore",
        )


def printable(child: dict[str, Any]) -> str:
    """The week as one HTML page of its own, for paper."""
    return PAGES.get_template("week.html").render(
        name=child["standing"]["name"],
        school=child["standing"]["schoolName"],
        first=date.fromisoformat(child["week"]["firstOn"]),
        last=date.fromisoformat(child["week"]["lastOn"]),
        sentences=[finding(child), beside(child)],
        figures=figures(child),
        beside=beside_table(child).rows(),
        compared=layout.compared(child["comparedDays"]) if child["comparedDays"] else "",
        subject_days=subject_days(child).rows(named=True),
        mastered=mastered(child).rows(named=True),
        city=layout.city(child["standing"]["timezone"] or "UTC"),
    )

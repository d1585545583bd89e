"""Guide, Stuck lessons: what holds students up, whom, and at which questions."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import classes as charts
from dashboards.client import Answer
from dashboards.theme import STUCK, labels, look

LESSONS_DRAWN = 15
LESSONS_OPENED = 8  # the others are in the table
COLUMNS = {
    "lesson_title": tables.text("Lesson", pinned=True),
    "subject": tables.text("Subject"),
    "name": tables.text("Student"),
    "stuck_reason": tables.text("Why"),
    "last_ten_percent": tables.percentage("Last 10 correct"),
    "attempt_count": tables.number("Tries"),
    "active_minutes": tables.number("Active min"),
    "last_worked": tables.text("Last worked"),
}


def finding(answer: Answer) -> str:
    """The page's finding: how many lessons hold up how many, and where to start."""
    lessons = answer["lessons"]
    held = {one["studentId"] for lesson in lessons for one in lesson["students"]}
    first = lessons[0]
    verb = "holds" if len(lessons) == 1 else "hold"
    return (
        f"{layout.counted(len(lessons), 'lesson')} {verb} up {len(held)} of"
        f" {layout.counted(answer['studentCount'], 'student')}."
        f" Start with {first['lessonTitle']}: {layout.counted(first['studentCount'], 'student')}."
    )


def people_of(answer: Answer) -> pl.DataFrame:
    """A row for each lesson and student, in the order of the lessons."""
    rows = [{**lesson, **one} for lesson in answer["lessons"] for one in lesson["students"]]
    return frames.read(rows, frames.STUCK)


def heading(lesson: dict[str, Any]) -> str:
    """A lesson with its figures in one line."""
    parts = [
        f"**{layout.plain(lesson['lessonTitle'])}**",
        layout.counted(lesson["studentCount"], "student"),
    ]
    if lesson["lastTenRatio"] is not None:
        parts.append(f"{lesson['lastTenRatio']:.0%} of the last answers correct")
    parts.append(f"{lesson['activeSeconds'] / 60:.0f} min spent")
    return " · ".join(parts)


def evidence(student: dict[str, Any], zone: str) -> str:
    """What says that a student is stuck, in one line."""
    seen = look(STUCK, student["stuckReason"])
    parts = [f"{seen.label}"]
    if student["lastAnswers"]:
        marks = "".join("✓" if right else "✕" for right in student["lastAnswers"])
        right = sum(student["lastAnswers"])
        parts.append(f"{marks} ({right} of the last {len(student['lastAnswers'])} correct)")
    parts.append(layout.counted(student["attemptCount"], "try", "tries"))
    parts.append(f"{student['activeSeconds'] / 60:.0f} min")
    worked = frames.read([student], frames.STUCK)["last_activity_at"]
    clock = worked.dt.convert_time_zone(zone).dt.strftime("%a %-d %b %H:%M")[0]
    return " · ".join([*parts, f"last on {clock}"])


def question(item: dict[str, Any]) -> str:
    """A question's title; of one without, its id, of an address the last two parts."""
    if item["itemTitle"]:
        return layout.plain(item["itemTitle"])
    end = item["itemRef"].replace("`", "").rstrip("/").split("/")[-2:]
    return f"`{'/'.join(end)}`"


def show_lesson(lesson: dict[str, Any], zone: str, *, is_open: bool) -> None:
    """Who is held up, and by which questions."""
    with st.expander(heading(lesson), expanded=is_open):
        unit = f" › {lesson['unitTitle']}" if lesson["unitTitle"] else ""
        st.caption(layout.plain(f"{lesson['courseTitle']}{unit}"))
        for student in lesson["students"]:
            st.page_link(
                "views/guide/student.py",
                label=f"**{layout.plain(student['name'])}**",
                icon=":material/person:",
                query_params={
                    "student": student["studentId"],
                    "subject": lesson["subject"] or "",
                    "lesson": lesson["lessonId"],
                },
            )
            st.markdown(f":small[{layout.plain(evidence(student, zone))}]")
        if lesson["items"]:
            st.markdown("**Hardest questions**, by the answers of everyone who met them")
        for item in lesson["items"]:
            text = f"{item['correctRatio']:.0%} right of {item['responseCount']:,} answers"
            hint = f" {item['hint']}" if item["hint"] else ""
            st.markdown(f"- {question(item)}: {text}.{layout.plain(hint)}")


def as_table(people: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The rows of the table and of its CSV."""
    return people.with_columns(
        labels("stuck_reason", STUCK),
        tables.percent("last_ten_ratio", "last_ten_percent"),
        tables.minutes("active_seconds"),
        pl.col("last_activity_at")
        .dt.convert_time_zone(zone)
        .dt.strftime("%Y-%m-%d %H:%M")
        .alias("last_worked"),
    ).select(list(COLUMNS))


def show() -> None:
    person, me = layout.opened("Stuck lessons")
    with st.container(horizontal=True):
        classes = {"": "All classes"} | {one["id"]: one["title"] for one in me["classes"]}
        class_id = filters.choose("Class", "class", classes) or None
        days_back = filters.days_back()
    with layout.guarded():
        whole = person.api.report("guide/stuck-lessons", classId=class_id, days=days_back)
    subjects = {"": "All subjects"} | {one: one for one in whole["subjects"]}
    subject = filters.choose("Subject", "subject", subjects, width=180) or None
    held = [one for one in whole["lessons"] if subject in (None, one["subject"])]
    answer = {**whole, "lessons": held}
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    if not answer["studentCount"]:
        layout.nothing("No student is enrolled in your classes yet.")
        return
    if not answer["lessons"]:
        st.success(
            f"No lesson of the last {days_back} days holds a student up.",
            icon=":material/check_circle:",
        )
        return
    layout.sentence(layout.plain(finding(answer)))
    people = people_of(answer)
    first = [one["lessonId"] for one in answer["lessons"][:LESSONS_DRAWN]]
    st.altair_chart(
        charts.stuck_by_lesson(people.filter(pl.col("lesson_id").is_in(first))),
        alt="Students whom each lesson holds up, by why",
    )
    st.caption(
        "Struggling: the last answers are mostly wrong. Needs review: mastered once, failed since."
        f" Tries, no progress: 3 tries or more and not proficient. Times are {layout.city(zone)}."
    )
    for number, lesson in enumerate(answer["lessons"][:LESSONS_OPENED]):
        show_lesson(lesson, zone, is_open=number == 0)
    st.subheader("Everyone who is held up")
    name = export.file_name("stuck-lessons", class_id, subject, answer["as_of"][:10])
    export.table(as_table(people, zone), name=name, columns=COLUMNS)


show()

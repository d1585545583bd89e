"""Partner, Content: how far students get with each lesson, and where they stop."""

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import partner as charts
from dashboards.client import Answer

COLUMNS = {
    "course_title": tables.text("Course"),
    "unit_title": tables.text("Unit"),
    "lesson": tables.text("Lesson", pinned=True),
    "started_count": tables.count("Started"),
    "practicing_count": tables.count("Practicing"),
    "proficient_count": tables.count("Proficient"),
    "mastered_count": tables.count("Mastered"),
    "mastered_percent": tables.percentage("Mastered, %"),
    "stopped_count": tables.count("Stop here"),
    "struggling_count": tables.count("Struggling"),
    "review_count": tables.count("To review"),
    "median_minutes": tables.number("Median min"),
    "median_mastery_attempts": tables.number("Median tries", 1),
    "accuracy_percent": tables.percentage("Correct, %"),
    "question": tables.text("Hardest question"),
    "hardest_percent": tables.percentage("Correct there, %"),
}


def finding(lessons: pl.DataFrame) -> str:
    """The page's finding in a sentence: how many lessons are mastered, where most stop."""
    started, mastered = (
        tables.total(lessons, column) for column in ("started_count", "mastered_count")
    )
    if not started:
        return "No student has begun a lesson yet."
    text = f"{mastered / started:.0%} of {started:,} lessons begun are mastered."
    worst = lessons.sort("stopped_count", descending=True, maintain_order=True).row(0, named=True)
    if not worst["stopped_count"]:
        return f"{text} Nobody has stopped short of proficiency."
    return (
        f"{text} Most stop at lesson {worst['lesson_position']}, {worst['lesson_title'] or '–'}:"
        f" {worst['stopped_count']:,} of"
        f" {layout.counted(worst['started_count'], 'student')} who began it go no further."
    )


def measured(answer: Answer) -> pl.DataFrame:
    """The lessons with what charts and tables show."""
    title = pl.col("lesson_title").fill_null("–")
    return frames.read(answer["lessons"], frames.FUNNEL).with_columns(
        pl.format("{}. {}", "lesson_position", title).alias("lesson"),
        tables.share("mastered_count", "started_count", "mastered_percent"),
        (pl.col("median_mastery_seconds") / 60).round(0).alias("median_minutes"),
        tables.percent("accuracy_ratio", "accuracy_percent"),
        tables.question("hardest_item_title", "hardest_item_ref"),
        tables.percent("hardest_item_ratio", "hardest_percent"),
    )


def the_funnels(lessons: pl.DataFrame) -> None:
    """A funnel for each course."""
    for course in lessons.partition_by("course_id", maintain_order=True):
        title = course["course_title"][0] or course["course_id"][0]
        st.subheader(layout.plain(title))
        if not tables.total(course, "started_count"):
            layout.nothing("No student has begun a lesson of this course yet.")
            continue
        st.altair_chart(
            charts.lesson_funnel(course), alt=f"Students by lesson and mastery in {title}"
        )


def show() -> None:
    person, _ = layout.opened("Content")
    place = st.container()
    course = filters.wanted("course")
    with layout.guarded(), st.spinner("Reading the figures"):
        answer = person.api.report("partner/content", courseId=course)
    layout.freshness(person, answer["build_id"], "UTC")
    st.caption(f"{answer['clientName']}, its own events alone, since each course began.")
    with place:
        titles = {one["id"]: one["title"] or one["id"] for one in answer["choices"]}
        filters.choose("Course", "course", {"": "All courses"} | titles)
    lessons = measured(answer)
    if lessons.is_empty():
        layout.nothing("No lesson of yours is published yet.")
        return
    layout.sentence(layout.plain(finding(lessons)))
    layout.figures(
        {
            "Lessons": f"{len(lessons):,}",
            "With work": f"{lessons.filter(pl.col('started_count') > 0).height:,}",
            "Stop short": f"{tables.total(lessons, 'stopped_count'):,}",
            "Struggling": f"{tables.total(lessons, 'struggling_count'):,}",
            "To review": f"{tables.total(lessons, 'review_count'):,}",
        }
    )
    the_funnels(lessons)
    st.subheader("All lessons")
    st.caption(
        "Each column from Started to Mastered includes those who got further. Minutes and tries are"
        " the median of those who mastered the lesson. “Stop here” counts students who are not"
        " proficient in it and began no later lesson of the course."
    )
    export.table(lessons.select(list(COLUMNS)), name="lessons", columns=COLUMNS, alt="All lessons")


show()
